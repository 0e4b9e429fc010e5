"""HTML: lists, footnotes, what is not the page's text, and what must never run."""

from __future__ import annotations

import io

import pytest

from wsis_sdg.documents import Document, read_document
from wsis_sdg.errors import DocumentError


def read(page: str | bytes) -> Document:
    data = page.encode() if isinstance(page, str) else page
    return read_document(io.BytesIO(data), name="page.html")


def rows(document: Document) -> list[tuple[str, str, str]]:
    return [(p.kind, p.number, p.text) for p in document.paragraphs]


def test_lists_print_their_numbers() -> None:
    document = read(
        "<html><ol start=4><li>Urges all States:<ol type=a><li>To build;</li><li>To share;"
        "<ol type=i><li>masts;</li></ol></li></ol></li><li value=9>Asks that.</li></ol>"
    )
    assert rows(document) == [
        ("body", "4", "Urges all States:"),
        ("subparagraph", "4 (a)", "To build;"),
        ("subparagraph", "4 (b)", "To share;"),
        ("subparagraph", "4 (b) (i)", "masts;"),
        ("body", "9", "Asks that."),
    ]


def test_nested_decimal_lists_are_children() -> None:
    document = read("<html><ol><li>Urges:<ol><li>One thing;</li></ol></li><li>Thanks.</li></ol>")
    assert [p.number for p in document.paragraphs] == ["1", "1 (1)", "2"]


def test_bullets_stay_apart() -> None:
    document = read("<html><ul><li>masts on hills<li>fibre in schools</ul>")
    assert [p.text for p in document.paragraphs] == ["masts on hills", "fibre in schools"]


@pytest.mark.parametrize(
    "page",
    [
        '<p>Text.<a href="#_ftn1" name="_ftnref1">[1]</a></p>'
        '<div><p><a href="#_ftnref1" name="_ftn1">[1]</a> The note.</p></div>',
        '<p>Text.<sup><a id="r1" href="#fn1">1</a></sup></p>'
        '<ol><li id="fn1"><p>The</p><p>note. <a href="#r1">↩</a></p></li></ol>',
        "<p>Text.<sup>1</sup></p><p><sup>1</sup> The note.</p>",
        '<p>Text.<sup><a href="#fn1">*</a></sup></p><p id="fn1">* The note.</p>',
        "<p>Text.¹</p><p>¹ The note.</p>",
    ],
)
def test_footnotes_leave_the_text_and_are_tied(page: str) -> None:
    document = read(f"<html>{page}")
    (paragraph,) = document.paragraphs
    assert paragraph.text == "Text."
    assert [f.text for f in paragraph.footnotes] == ["The note."]


def test_powers_ordinals_and_cross_references_stay() -> None:
    document = read(
        '<html><p>Of 40 km<sup>2</sup>, the 5<sup>th</sup>, see <a href="#p">5</a>.</p>'
        '<p id="p">End.'
    )
    assert document.paragraphs[0].text == "Of 40 km², the 5th, see 5."


def test_tables_and_boxes_are_passed_over_with_a_note() -> None:
    document = read(
        "<html><p>Before the table there is text.<table><tr><td>7</table><aside>Box</aside>"
        "<p>After it."
    )
    assert [p.text for p in document.paragraphs] == ["Before the table there is text.", "After it."]
    assert document.notes == ("1 table passed over", "1 box passed over")


def test_a_table_that_lays_out_the_page_is_read() -> None:
    document = read("<html><table><tr><td><h2>Head</h2><p>All text.</p><td><p>More.</table>")
    assert [p.text for p in document.paragraphs] == ["Head", "All text.", "More."]


def test_line_breaks_and_preformatted_text_are_cut_like_plain_text() -> None:
    document = read(
        "<html><p>Old page<br>goes on.<br><br>Next.</p><pre>1. Urges all\nStates;</pre>"
    )
    assert [p.text for p in document.paragraphs] == [
        "Old page goes on.",
        "Next.",
        "Urges all States;",
    ]


def test_scripts_styles_and_hidden_text_are_no_text() -> None:
    document = read(
        "<html><head><title>T</title><style>p{}</style></head><script>alert('x')</script>"
        "<p onclick='run()'>Seen.</p><p hidden>a</p><p style='display: none'>b</p>"
        "<!-- c --> Tail.<iframe src='http://example.org/'></iframe>"
        "<textarea>d</textarea><template><p>e</p></template>"
    )
    assert [p.text for p in document.paragraphs] == ["Seen.", "Tail."]


def test_entities_of_the_page_are_not_expanded() -> None:
    document = read(
        '<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "&a;&a;&a;">]>'
        "<html><p>&a; &b; &eacute;"
    )
    assert "root:" not in document.source
    assert document.paragraphs[-1].text.endswith("é")


def test_the_page_says_its_encoding() -> None:
    page = "<html><meta charset=iso-8859-2><p>Łódź ma sieć.".encode("iso-8859-2")
    assert read(page).paragraphs[0].text == "Łódź ma sieć."
    wrong = "<html><meta charset=nonsense><p>Genève".encode("cp1252")
    document = read(wrong)
    assert document.paragraphs[0].text == "Genève"
    assert "cp1252" in document.notes[0]


def test_elements_too_deep_to_be_read_are_an_error_not_a_loss() -> None:
    assert read("<html>" + "<div>" * 500 + "deep").paragraphs[0].text == "deep"
    with pytest.raises(DocumentError, match="cannot be read beyond line 1"):
        read("<html>" + "<div>" * 5_000 + "deep")


def test_a_page_without_text_is_empty() -> None:
    with pytest.raises(DocumentError, match="empty"):
        read("<html><script>1</script>")
