"""The resolution as a Word document in the UN's layout: heads, feet, notes, automatic lists."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Inches, Pt

if TYPE_CHECKING:
    from make_test_documents import Unit

FONT = "Times New Roman"
_NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_LIST = """
<w:abstractNum {ns} w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:suff w:val="tab"/>
  <w:lvlText w:val="%1."/><w:pPr><w:ind w:left="0" w:firstLine="360"/></w:pPr></w:lvl>
 <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:suff w:val="tab"/>
  <w:lvlText w:val="(%2)"/><w:pPr><w:ind w:left="0" w:firstLine="720"/></w:pPr></w:lvl>
</w:abstractNum>"""


def write_docx(path: Path, units: list[Unit], notes: dict[str, str]) -> None:
    """Write the document."""
    document = Document()
    _set_page(document)
    _add_list(document)
    _masthead(document)
    order: list[str] = []
    for unit in units:
        if unit.kind != "front":
            _add_unit(document, unit, order)
        elif unit.text.startswith(("Resolution adopted", "[on the")):
            paragraph = document.add_paragraph(unit.text)
            paragraph.runs[0].bold = unit.text.startswith("Resolution")
    add_notes(document, order, notes)
    path.unlink(missing_ok=True)
    document.save(str(path))


def _set_page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin, section.right_margin = Inches(1.9), Inches(1.6)
    section.top_margin, section.bottom_margin = Inches(1.2), Inches(1.1)
    section.different_first_page_header_footer = True
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(10)
    normal.element.rPr.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="en-US"/>'))
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    mark = document.styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER)
    mark.element.set(qn("w:styleId"), "FootnoteReference")
    mark.font.superscript = True
    hyphenation = OxmlElement("w:autoHyphenation")
    document.settings.element.insert(0, hyphenation)
    head = section.header.paragraphs[0]
    head.text = "E/RES/2017/21\tAssessment of the progress made since the World Summit"
    foot = section.footer.paragraphs[0]
    _field(foot, "PAGE")
    foot.add_run("/")
    _field(foot, "NUMPAGES")
    foot.add_run("\t\t17-13994")
    section.first_page_header.paragraphs[0].text = "United Nations\t\tE/RES/2017/21"
    first = section.first_page_footer
    first.paragraphs[0].text = "17-13994 (E)    100817"
    first.add_paragraph("*1713994*")
    first.add_paragraph("Please recycle")


def _field(paragraph: Any, code: str) -> None:
    element = parse_xml(
        f'<w:fldSimple {nsdecls("w")} w:instr="{code}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    )
    paragraph._p.append(element)


def _add_list(document: Any) -> None:
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(_LIST.format(ns=nsdecls("w"))))
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>')
    )


def _masthead(document: Any) -> None:
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "Economic and Social Council"
    table.cell(0, 1).text = "Distr.: General\n24 August 2017"
    document.add_paragraph("2017 session")
    document.add_paragraph("Agenda item 18 (b)")


def _add_unit(document: Any, unit: Unit, order: list[str]) -> None:
    style = "Heading 2" if unit.kind == "heading" else "Normal"
    paragraph = document.add_paragraph(style=style)
    if unit.kind in ("operative", "subparagraph"):
        level = 0 if unit.kind == "operative" else 1
        properties = paragraph._p.get_or_add_pPr()
        properties.append(
            parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>'
            )
        )
    elif unit.kind in ("preambular", "body"):
        paragraph.paragraph_format.first_line_indent = Inches(0.4)
    if unit.kind in ("title", "heading"):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    for text, kind in unit.runs:
        if kind == "note":
            add_reference(paragraph, text, order)
        else:
            run = paragraph.add_run(text)
            run.italic = kind == "i" or None
            run.bold = True if unit.kind in ("title", "heading") else None
            if unit.kind == "title":
                run.font.size = Pt(12)


def add_reference(paragraph: Any, mark: str, order: list[str]) -> None:
    """Cite a note; ``order`` holds the marks cited so far."""
    if mark in order:
        # The second citation of a note is typed by hand, as Word's cross-references end up.
        paragraph.add_run(mark).font.superscript = True
        return
    order.append(mark)
    paragraph._p.append(
        parse_xml(
            f'<w:r {nsdecls("w")}><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
            f'<w:footnoteReference w:id="{int(mark) + 1}"/></w:r>'
        )
    )


def add_notes(document: Any, order: list[str], notes: dict[str, str]) -> None:
    """Write the cited notes into a part of their own, as Word does."""
    separators = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p>'
        "</w:footnote>"
        for number, kind in enumerate(("separator", "continuationSeparator"))
    )
    size = '<w:sz w:val="17"/>'
    bodies = "".join(
        f'<w:footnote w:id="{int(mark) + 1}"><w:p><w:pPr><w:jc w:val="left"/></w:pPr>'
        f'<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/>{size}</w:rPr><w:footnoteRef/></w:r>'
        f'<w:r><w:rPr>{size}</w:rPr><w:t xml:space="preserve"> {escape(notes[mark])}</w:t></w:r>'
        "</w:p></w:footnote>"
        for mark in order
    )
    xml = f"<w:footnotes {nsdecls('w')}>{separators}{bodies}</w:footnotes>"
    part = Part(
        PackURI("/word/footnotes.xml"), _NOTES_TYPE, xml.encode("utf-8"), document.part.package
    )
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
