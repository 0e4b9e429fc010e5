"""Structure of documents: the resolution, and further layouts."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wsis_sdg.documents import Document, parse_text, read_document, sentence_spans, to_spacy
from wsis_sdg.errors import DocumentError

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def resolution() -> Document:
    return read_document(DATA / "E-RES-2017-21.txt")


def numbers(document: Document, kind: str) -> list[str]:
    return [p.number for p in document.paragraphs if p.kind == kind]


def test_resolution_counts(resolution: Document) -> None:
    assert Counter(p.kind for p in resolution.paragraphs) == {
        "operative": 66,
        "preambular": 9,
        "heading": 5,
        "subparagraph": 5,
        "title": 1,
    }
    assert numbers(resolution, "operative") == [str(n) for n in range(1, 67)]
    assert len(resolution.footnotes) == 11
    assert [f.mark for f in resolution.footnotes] == [str(n) for n in range(1, 12)]
    assert resolution.enacting_body == "The Economic and Social Council"


def test_resolution_headings_and_parents(resolution: Document) -> None:
    headings = [p.text for p in resolution.paragraphs if p.kind == "heading"]
    assert headings[0].startswith("Taking stock: reviewing")
    assert headings[1:] == [
        "Internet governance",
        "Enhanced cooperation",
        "Internet Governance Forum",
        "The road ahead",
    ]
    subparagraphs = [p for p in resolution.paragraphs if p.kind == "subparagraph"]
    assert [p.number for p in subparagraphs] == [f"61 ({c})" for c in "abcde"]
    assert {resolution.paragraphs[p.parent or 0].number for p in subparagraphs} == {"61"}


@pytest.mark.parametrize(
    ("number", "words", "ending"),
    [
        ("8", "geography and gender, and therefore reaffirms", "Technology Development;"),
        ("22", "use of broadband between and within", "Africa as a continent;"),
        ("36", "cybersecurity, the gender gap", "children and young people;"),
        ("45", "resolution 70/125, to develop recommendations", "fulfil its mandate;"),
    ],
)
def test_paragraphs_that_a_page_end_broke_are_whole(
    resolution: Document, number: str, words: str, ending: str
) -> None:
    (paragraph,) = [p for p in resolution.paragraphs if p.number == number]
    assert words in paragraph.text
    assert paragraph.text.endswith(ending)
    assert resolution.source[paragraph.start :].startswith(f"{number}. *")


def test_markup_and_footnote_figures_leave_no_trace(resolution: Document) -> None:
    for paragraph in resolution.paragraphs:
        assert not set(paragraph.text) & set("*#[]¹²³⁴⁵⁶⁷⁸⁹"), paragraph.text
    (twelve,) = [p for p in resolution.paragraphs if p.number == "12"]
    assert [f.mark for f in twelve.footnotes] == ["2"]
    assert "international levels, including" in twelve.text


def test_spacy_spans_point_into_the_source(resolution: Document) -> None:
    doc = to_spacy(resolution)
    assert doc.text == resolution.source
    spans = doc.spans["paragraphs"]
    assert len(spans) == len(resolution.paragraphs)
    assert spans[-1].text.startswith("66. *Requests* the Secretary-General")


def test_general_assembly_layout() -> None:
    document = read_document(DATA / "general-assembly-style.txt")
    assert document.title == "91/300. Technology corridors for mountain States"
    assert numbers(document, "operative") == ["1", "2", "3"]
    assert numbers(document, "subparagraph") == ["1 (a)", "1 (b)", "1 (b) (i)", "1 (b) (ii)"]
    assert len(numbers(document, "preambular")) == 2
    assert [p.text for p in document.paragraphs if p.kind == "heading"] == [
        "I Networks",
        "II Follow-up",
    ]
    assert document.closing == ("50th plenary meeting 9 December 2036",)


def test_report_without_numbers() -> None:
    document = read_document(DATA / "report-without-numbers.md")
    assert Counter(p.kind for p in document.paragraphs) == {"heading": 3, "body": 4}
    first, second, *_ = [p for p in document.paragraphs if p.kind == "body"]
    assert first.heading == "Where the cables end"
    assert "Operators say" in first.text
    assert second.text.endswith("40 km² at most.")
    assert [f.text for f in second.footnotes] == ["Interview with the regulator."]


def test_report_with_numbers() -> None:
    document = read_document(DATA / "report-with-numbers.txt")
    assert [p.number for p in document.paragraphs if p.kind in ("body", "subparagraph")] == [
        "1",
        "2",
        "3",
        "4",
        "4 (a)",
        "4 (b)",
    ]
    assert [p.heading for p in document.paragraphs if p.number == "3"] == ["II. Findings"]


def test_declaration_with_annex() -> None:
    document = read_document(DATA / "declaration-with-annex.txt")
    assert numbers(document, "annex") == ["1", "2"]
    assert len(numbers(document, "preambular")) == 1
    assert len(numbers(document, "operative")) == 1


def test_wrapped_and_unwrapped_text_read_alike() -> None:
    wrapped = parse_text("1. Urges all States\nto build networks;\n2. Thanks the host.")
    unwrapped = parse_text(
        "1. Urges all States to build networks;\r\n\r\n2. Thanks the host.".replace("\r\n", "\n")
    )
    assert [p.text for p in wrapped.paragraphs] == [p.text for p in unwrapped.paragraphs]


def test_legacy_encoding_is_read_with_a_note() -> None:
    document = read_document(io.BytesIO("L’été à Genève was warm.".encode("cp1252")), name="x.txt")
    assert document.paragraphs[0].text == "L’été à Genève was warm."
    assert "cp1252" in document.notes[0]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\n ", "empty"),
        (bytes(range(256)) * 40, "not text"),
        (b"word " * 10_000_000, "characters"),
    ],
)
def test_bad_input_is_named(data: bytes, words: str) -> None:
    with pytest.raises(DocumentError, match=words):
        read_document(io.BytesIO(data), name="bad.txt")


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"nowhere\.txt does not exist; check the path"):
        read_document(tmp_path / "nowhere.txt")


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab A.;,:()1i\n*[]²#-'\t"), max_size=200))
def test_any_text_parses_into_ordered_spans(text: str) -> None:
    document = parse_text(text)
    end = 0
    for index, paragraph in enumerate(document.paragraphs):
        assert paragraph.index == index
        assert end <= paragraph.start < paragraph.end <= len(text)
        end = paragraph.end


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(alphabet="abcdef ", min_size=3).filter(str.strip), min_size=1, max_size=8))
def test_plain_prose_loses_no_word(paragraphs: list[str]) -> None:
    source = "\n\n".join(paragraphs)
    document = parse_text(source)
    assert " ".join(p.text for p in document.paragraphs).split() == source.split()


def test_sentences() -> None:
    text = "Networks grow. So do gaps."
    assert [text[a:b] for a, b in sentence_spans(text)] == ["Networks grow.", "So do gaps."]
