"""HTML to blocks: headings, paragraphs, numbered lists, footnotes; no script, no request."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from wsis_sdg.documents.assemble import Assembler
from wsis_sdg.documents.html_notes import find_notes
from wsis_sdg.documents.html_tree import (
    BLOCKS,
    HEADINGS,
    SKIPPED,
    is_hidden,
    layout_tables,
    parse_html,
    text_of,
)
from wsis_sdg.documents.labels import BULLET, Label, LabelStyle, format_number
from wsis_sdg.documents.markup import RAISED
from wsis_sdg.documents.records import Reading
from wsis_sdg.documents.text import read_text

_PASSED_OVER: Final = {
    "table": "table",
    "aside": "box",
    "figure": "figure",
    "nav": "navigation",
    "footer": "page footer",
}
_STYLES: Final[dict[str, LabelStyle]] = {
    "a": "lower_letter",
    "A": "upper_letter",
    "i": "lower_roman",
    "I": "upper_roman",
    "lower-alpha": "lower_letter",
    "lower-latin": "lower_letter",
    "upper-alpha": "upper_letter",
    "upper-latin": "upper_letter",
    "lower-roman": "lower_roman",
    "upper-roman": "upper_roman",
}
_LIST_STYLE: Final = re.compile(r"list-style(?:-type)?\s*:\s*([a-z-]+)")
_SPACE: Final = re.compile(r"\s+")
_FIGURES: Final = re.compile(r"[\[(]?(\d{1,3})[\])]?")


@dataclass(slots=True)
class _List:
    """An open list: its next number and how it prints."""

    style: LabelStyle | None
    next: int
    step: int


@dataclass(slots=True)
class _State:
    """What is open at a place of the page."""

    out: Assembler = field(default_factory=Assembler)
    text: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)
    label: Label | None = None
    heading: int = 0
    preformatted: int = 0
    footnote: str = ""
    passed_over: dict[str, int] = field(default_factory=dict)
    layout: frozenset[etree._Element] = frozenset()


def read_html(data: bytes, *, name: str, check: Callable[[], None]) -> Reading:
    """Read a page of HTML.

    Raises:
        DocumentError: When it cannot be parsed or takes too long.
    """
    root, notes = parse_html(data, name=name)
    found = find_notes(root)
    state = _State(layout=layout_tables(root))
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    skipped = None
    for step, (event, element) in enumerate(walk):
        if step % 1000 == 0:
            check()
        if event == "start":
            mark = found.references.get(element)
            if mark is None and element.tag == "sup":
                mark = _raised(element)
            if mark is not None:
                _cite(mark, state)
            if mark is not None or element in found.returns or _passes_over(element, state):
                skipped = element
                walk.skip_subtree()
            else:
                _open(element, found.bodies.get(element, ""), state)
            continue
        if element is skipped:
            skipped = None
        elif event == "end":
            _close(element, element in found.bodies, state)
        _add_text(element.tail, state)
    _flush(state)
    for what, count in state.passed_over.items():
        state.out.note(f"{count} {what}{'s' if count > 1 else ''} passed over")
    reading = state.out.reading()
    return Reading(reading.source, reading.blocks, notes + reading.notes)


def _open(element: etree._Element, footnote: str, state: _State) -> None:
    tag = element.tag
    if tag == "br":
        state.text.append("\n")
        return
    if tag in BLOCKS or footnote:
        _end_paragraph(state)
    if footnote:
        state.footnote = footnote
    if tag in HEADINGS or element.get("role") == "heading":
        state.heading += 1
    if tag == "pre":
        state.preformatted += 1
    elif tag in ("ol", "ul", "menu"):
        state.lists.append(_new_list(element))
    elif tag == "li" and state.lists and not footnote:
        state.label = _next_label(element, state.lists[-1])
    _add_text(element.text, state)


def _close(element: etree._Element, is_footnote: bool, state: _State) -> None:
    tag = element.tag
    if is_footnote:
        _flush(state)
        state.footnote = ""
    elif tag in BLOCKS:
        _end_paragraph(state)
    if tag in HEADINGS or element.get("role") == "heading":
        state.heading -= 1
    if tag == "pre":
        state.preformatted -= 1
    elif tag in ("ol", "ul", "menu") and state.lists:
        state.lists.pop()
    elif tag == "li":
        state.label = None


def _end_paragraph(state: _State) -> None:
    if state.footnote:
        # A footnote of several paragraphs is one footnote.
        state.text.append(" ")
    else:
        _flush(state)


def _flush(state: _State) -> None:
    """Hand over the paragraph that has been collected."""
    raw = "".join(state.text)
    state.text.clear()
    marks, state.marks = tuple(state.marks), []
    if not raw.strip():
        return
    if state.footnote:
        state.out.add(
            _without_mark(raw.strip(), state.footnote), footnote=state.footnote, marks=marks
        )
    elif "\n" in raw.strip() and not state.heading:
        # Line breaks do the work of paragraphs here: cut as plain text is cut.
        for block in read_text(raw, name="").blocks:
            state.out.add(block.text, marks=marks)
            marks = ()
    else:
        label = state.label or Label("", "")
        state.label = None
        is_child = label.number.isdigit() and len(state.lists) > 1
        state.out.add(
            raw,
            printed=label.printed,
            number=label.number,
            level=int(is_child),
            is_heading=state.heading > 0,
            marks=marks,
        )


def _without_mark(text: str, mark: str) -> str:
    """A footnote's text behind the mark that it begins with."""
    mark = re.escape(mark)
    return re.sub(rf"^(?:[\[(]?{mark}[\])]?[.:]?\s+|{mark.translate(RAISED)}\s*)", "", text)


def _add_text(text: str | None, state: _State) -> None:
    if text:
        state.text.append(text if state.preformatted else _SPACE.sub(" ", text))


def _cite(mark: str, state: _State) -> None:
    if mark.isdecimal():
        state.text.append(mark.translate(RAISED))
    else:
        state.marks.append(mark)


def _raised(element: etree._Element) -> str | None:
    """The figure of a ``sup`` that holds nothing but a figure, a footnote mark or a power."""
    match = _FIGURES.fullmatch(text_of(element))
    return match.group(1) if match and match.group(1).isascii() else None


def _passes_over(element: etree._Element, state: _State) -> bool:
    tag = element.tag
    if tag in SKIPPED or is_hidden(element):
        return True
    what = _PASSED_OVER.get(str(tag))
    if what is None or element in state.layout:
        return False
    if any(text.strip() for text in element.itertext()):
        state.passed_over[what] = state.passed_over.get(what, 0) + 1
    _flush(state)
    return True


def _new_list(element: etree._Element) -> _List:
    if element.tag != "ol":
        return _List(None, 1, 1)
    css = _LIST_STYLE.search(element.get("style", ""))
    style = _STYLES.get(css.group(1) if css else element.get("type", ""), "decimal")
    is_reversed = element.get("reversed") is not None
    first = sum(1 for item in element if item.tag == "li") if is_reversed else 1
    return _List(style, _whole(element.get("start"), first), -1 if is_reversed else 1)


def _next_label(item: etree._Element, listing: _List) -> Label:
    if listing.style is None:
        return BULLET
    value = _whole(item.get("value"), listing.next)
    listing.next = value + listing.step
    number = format_number(value, listing.style)
    return Label.of(f"({number})" if listing.style == "lower_letter" else f"{number}.")


def _whole(text: str | None, otherwise: int) -> int:
    """An attribute as a whole number, as far as numbers of paragraphs go."""
    match = re.fullmatch(r"\s*(-?\d{1,6})\s*", text or "")
    return int(match.group(1)) if match else otherwise
