"""DOCX: numbers that Word prints, notes, headings, and files that are not what they say."""

from __future__ import annotations

import io
import zipfile

import pytest

from wsis_sdg.documents import Document, Limits, read_document
from wsis_sdg.errors import DocumentError

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def par(*content: str, properties: str = "") -> str:
    runs = "".join(run(c) if not c.startswith("<") else c for c in content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def numbered(text: str, level: int = 0, num: int = 1) -> str:
    return par(
        text,
        properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>',
    )


def package(body: str, *, namespace: str = W, **parts: str) -> bytes:
    target = io.BytesIO()
    relations = "".join(
        f'<Relationship Id="r{name}" Type="{OFFICE}/{name}" Target="{name}.xml"/>' for name in parts
    )
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml",
            f"<w:document {namespace}><w:body>{body}</w:body></w:document>",
        )
        archive.writestr(
            "word/_rels/document.xml.rels", f"<Relationships>{relations}</Relationships>"
        )
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", f"<w:{name} {W}>{content}</w:{name}>")
    return target.getvalue()


def read(data: bytes, limits: Limits | None = None) -> Document:
    return read_document(io.BytesIO(data), name="file.docx", limits=limits or Limits())


def level(place: int, kind: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


NUMBERING = (
    '<w:abstractNum w:abstractNumId="0">'
    + level(0, "decimal", "%1.")
    + level(1, "lowerLetter", "(%2)")
    + level(2, "lowerRoman", "(%3)")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="1">'
    + level(0, "upperRoman", "%1.")
    + level(1, "decimal", "%1.%2", "<w:isLgl/>")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="2">'
    + level(0, "bullet", "")
    + "</w:abstractNum>"
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>'
    '<w:num w:numId="4"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
    '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
)


def test_automatic_lists_count_through_levels() -> None:
    body = (
        numbered("Urges all:")
        + numbered("To build;", 1)
        + numbered("To share:", 1)
        + numbered("Masts;", 2)
        + numbered("Asks that:")
        + numbered("To begin;", 1)
        + par("Another body begins.")
        + numbered("Begins anew.", num=4)
        + numbered("Goes on.", num=4)
    )
    document = read(package(body, numbering=NUMBERING))
    assert [p.number for p in document.paragraphs] == [
        "1", "1 (a)", "1 (b)", "1 (b) (i)", "2", "2 (a)", "", "1", "2",
    ]  # fmt: skip


def test_roman_sections_legal_numbers_and_bullets() -> None:
    body = (
        numbered("Introduction", num=2)
        + numbered("The report is short.", 1, num=2)
        + numbered("masts on hills", num=3)
        + numbered("fibre in schools", num=3)
    )
    document = read(package(body, numbering=NUMBERING))
    assert [(p.number, p.text) for p in document.paragraphs] == [
        ("", "I. Introduction"),
        ("1.1", "The report is short."),
        ("", "masts on hills"),
        ("", "fibre in schools"),
    ]
    assert document.paragraphs[0].kind == "heading"


def test_lists_by_style_and_headings_by_style() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Base"><w:name w:val="_ Single Txt"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Own"/>'
        '<w:basedOn w:val="Base"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="toc 1"/></w:style>'
    )
    body = (
        par("Entry 3", properties='<w:pStyle w:val="T"/>')
        + par("the way ahead.", properties='<w:pStyle w:val="H"/>')
        + par("First text.", properties='<w:pStyle w:val="Own"/>')
        + par(run("A bold line", "<w:b/>"))
        + par("Second text.", properties='<w:pStyle w:val="Own"/>')
        + par(
            "Without number.",
            properties='<w:pStyle w:val="Own"/><w:numPr><w:numId w:val="0"/></w:numPr>',
        )
    )
    document = read(package(body, numbering=NUMBERING, styles=styles))
    assert [(p.kind, p.number, p.text) for p in document.paragraphs] == [
        ("heading", "", "the way ahead."),
        ("body", "1", "First text."),
        ("heading", "", "A bold line"),
        ("body", "2", "Second text."),
        ("body", "", "Without number."),
    ]
    assert document.notes == ("a table of contents was passed over",)


def test_notes_custom_marks_and_powers() -> None:
    notes = (
        '<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        f'<w:footnote w:id="5"><w:p>{run(" The first")}</w:p><w:p>{run("note.")}</w:p></w:footnote>'
        f'<w:footnote w:id="6"><w:p>{run("* By hand.")}</w:p></w:footnote>'
    )
    body = par(
        "On 40 km",
        run("2", '<w:vertAlign w:val="superscript"/>'),
        " of land",
        '<w:r><w:footnoteReference w:id="5"/></w:r>',
        ", as said",
        '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="6"/><w:t>*</w:t></w:r>',
        ".",
    )
    (paragraph,) = read(package(body, footnotes=notes)).paragraphs
    assert paragraph.text == "On 40 km² of land, as said."
    assert [(f.mark, f.text) for f in paragraph.footnotes] == [
        ("1", "The first note."),
        ("*", "By hand."),
    ]


def test_only_what_is_printed_is_read() -> None:
    body = par(
        "Kept",
        f"<w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins>{run(' added')}</w:ins>",
        run("hidden", "<w:vanish/>"),
        "<w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:noBreakHyphen/></w:r>",
        "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>",
        "on.",
    )
    table = f"<w:tbl><w:tr><w:tc>{par('1')}</w:tc></w:tr></w:tbl>"
    document = read(package(body + table))
    assert [p.text for p in document.paragraphs] == ["Kept added-on."]
    assert document.notes == ("1 table passed over", "1 box passed over")


def test_text_that_stands_in_tables_is_read() -> None:
    cells = "".join(f"<w:tr><w:tc>{par(f'{n}. Urges all States;')}</w:tc></w:tr>" for n in (1, 2))
    document = read(package(f"<w:tbl>{cells}</w:tbl>" + par("End.")))
    assert [p.number for p in document.paragraphs] == ["1", "2", ""]
    assert "read cell by cell" in document.notes[0]


def test_strict_documents_are_read() -> None:
    strict = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
    assert read(package(par("Text."), namespace=strict)).paragraphs[0].text == "Text."


LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE l [<!ENTITY b SYSTEM "file:///etc/passwd">]>'


def repacked(content: bytes, *, name: str = "word/document.xml") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize("doctype", [LAUGHS, OUTSIDE])
def test_entity_tricks_are_refused(doctype: str) -> None:
    xml = f"{doctype}<w:document {W}><w:body>{par('&b;')}</w:body></w:document>"
    with pytest.raises(DocumentError, match="declares a document type"):
        read(repacked(xml.encode()))
    with pytest.raises(DocumentError, match="declares a document type"):
        read(repacked(xml.encode("utf-16")))


def test_zip_bombs_are_refused() -> None:
    with pytest.raises(DocumentError, match="unpacks to more than the limit"):
        read(repacked(b" " * 50_000_000))
    with pytest.raises(DocumentError, match="unpacks to more than the limit of 1,000 bytes"):
        read(package(par("x" * 5_000)), Limits(unpacked_bytes=1_000))


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(repacked(b"<a>" + b" " * 3_000_000))
    size = (3_000_003).to_bytes(4, "little")
    for _ in range(2):
        place = data.index(size)
        data[place : place + 4] = (100).to_bytes(4, "little")
    with pytest.raises(DocumentError, match=r"damaged|unpacks"):
        read(bytes(data))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no zip at all", "not a DOCX file, whatever its ending says"),
        (b"PK\x03\x04 torn", "is damaged"),
        (repacked(b"x", name="mimetype"), "holds no text document"),
        (repacked(b"<a><b></a>"), "is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "old Word or Office file"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "is encrypted; remove the password",
        ),
        (b"{\\rtf1 text}", "RTF"),
        (package(""), "empty"),
    ],
)
def test_files_that_are_no_docx_are_named(data: bytes, words: str) -> None:
    with pytest.raises(DocumentError, match=rf"file\.docx.*{words}"):
        read(data)
