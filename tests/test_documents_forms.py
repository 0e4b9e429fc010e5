"""One resolution in five forms gives the same paragraphs; what is messy on real pages."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import pytest

from wsis_sdg.documents import Document, parse_text, read_document
from wsis_sdg.documents.lines import Vocabulary, join_lines

DATA = Path(__file__).parent / "data"
FORMS = ("md", "html", "docx", "pdf")


@pytest.fixture(scope="module")
def text_form() -> Document:
    return read_document(DATA / "E-RES-2017-21.txt")


@pytest.fixture(scope="module", params=FORMS)
def other_form(request: pytest.FixtureRequest) -> Document:
    return read_document(DATA / f"E-RES-2017-21.{request.param}")


def test_every_form_has_the_same_counts(other_form: Document) -> None:
    assert Counter(p.kind for p in other_form.paragraphs) == {
        "operative": 66,
        "preambular": 9,
        "heading": 5,
        "subparagraph": 5,
        "title": 1,
    }
    assert len(other_form.footnotes) == 11


def test_every_form_has_equal_paragraphs(text_form: Document, other_form: Document) -> None:
    for ours, theirs in zip(text_form.paragraphs, other_form.paragraphs, strict=True):
        assert (theirs.kind, theirs.number, theirs.text) == (ours.kind, ours.number, ours.text)
        assert (theirs.heading, theirs.parent) == (ours.heading, ours.parent)


def test_every_form_ties_footnotes_to_the_same_paragraphs(
    text_form: Document, other_form: Document
) -> None:
    for ours, theirs in zip(text_form.paragraphs, other_form.paragraphs, strict=True):
        assert [(f.mark, f.text) for f in theirs.footnotes] == [
            (f.mark, f.text) for f in ours.footnotes
        ]


def test_every_form_knows_the_body_and_the_closing(other_form: Document) -> None:
    assert other_form.enacting_body == "The Economic and Social Council"
    assert other_form.closing == ("41st plenary meeting 6 July 2017",)
    assert "Resolution adopted by the Economic and Social Council on 6 July 2017" in (
        other_form.front_matter
    )


def test_spans_of_every_form_point_into_its_source(other_form: Document) -> None:
    end = 0
    for paragraph in other_form.paragraphs:
        assert end <= paragraph.start < paragraph.end <= len(other_form.source)
        end = paragraph.end
    (eight,) = [p for p in other_form.paragraphs if p.number == "8"]
    assert other_form.source[eight.start :].startswith("8. ")


@pytest.mark.parametrize(
    "line",
    [
        "2/8",
        "17-00000 (E)",
        "17-13994 (E)    100817",
        "GE.17-12345(E)",
        "*1700000*",
        "Please recycle ♻",
        "Page 3",
        "Page 3 of 12",
        "– 4 –",
    ],
)
def test_page_furniture_leaves_paragraphs_whole(line: str) -> None:
    document = parse_text(f"1. Urges all States to build\n{line}\nnetworks;\n\n2. Thanks the host.")
    assert [p.text for p in document.paragraphs] == [
        "Urges all States to build networks;",
        "Thanks the host.",
    ]


def test_a_symbol_that_returns_is_a_running_head() -> None:
    document = parse_text("A/RES/70/125\n\nUrges all\nA/RES/70/125\nStates;\n\nA/RES/70/125\n")
    assert [p.text for p in document.paragraphs] == ["Urges all States;"]


def test_contents_with_dotted_leaders_are_passed_over() -> None:
    document = parse_text(
        "Contents\n\nI. Introduction .......... 3\n\nII. Findings and other\n"
        "   matters . . . . . . . 12\n\nIII. Annexes ………… iv\n\nThe report begins here."
    )
    assert [p.text for p in document.paragraphs] == ["The report begins here."]
    assert document.notes == ("a table of contents was passed over",)


def test_typesetters_characters_become_plain() -> None:
    document = parse_text("The e\u00adﬃcient\u00a0ﬁbre of non\u2011members\u200b grew.")
    assert document.paragraphs[0].text == "The efficient fibre of non-members grew."


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["the infor-", "mation society", "Information grows"], "the information society"),
        (["a people-", "centred way", "people-centred views"], "a people-centred way"),
        (["low-", "and middle-income", "x"], "low- and middle-income"),
        (["the Secretary-", "General said", "x"], "the Secretary-General said"),
        (["from 2015-", "2030 on", "x"], "from 2015-2030 on"),
        (["soft\u00ad", "ware here", "x"], "software here"),
        (["the trans-", "actional part", "translation"], "the transactional part"),
        (["multi-stake-", "holder talks", "multi-stakeholder"], "multi-stakeholder talks"),
        (["for-", "mulating it", "what is for"], "formulating it"),
        (["an in-", "depth look", "the depth"], "an in-depth look"),
        (["a cross-", "border line", "x"], "a cross-border line"),
    ],
)
def test_hyphens_at_line_ends(lines: list[str], joined: str) -> None:
    assert join_lines(lines[:2], words=Vocabulary(lines)) == joined


def test_marks_that_start_again_mean_the_next_note() -> None:
    document = parse_text("Networks grow.¹\n\n¹ First page.\n\nGaps grow too.¹\n\n¹ Second page.\n")
    assert [p.footnotes[0].text for p in document.paragraphs] == ["First page.", "Second page."]


def test_content_counts_more_than_the_ending() -> None:
    data = (DATA / "E-RES-2017-21.pdf").read_bytes()
    document = read_document(io.BytesIO(data), name="resolution.txt")
    assert document.title.startswith("2017/21. Assessment")


def test_the_line_that_introduces_a_list_is_no_heading() -> None:
    document = parse_text("The report proposes:\n\n- masts on hills\n\n- fibre in schools\n")
    assert [(p.kind, p.text) for p in document.paragraphs] == [
        ("body", "The report proposes:"),
        ("body", "masts on hills"),
        ("body", "fibre in schools"),
    ]
