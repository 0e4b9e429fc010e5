"""Blocks to paragraphs: the structure of a resolution, a report, a declaration with an annex."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from wsis_sdg.documents.markup import clean_text, split_footnote
from wsis_sdg.documents.records import (
    Block,
    Document,
    Footnote,
    Paragraph,
    ParagraphKind,
    Reading,
)
from wsis_sdg.documents.text import ANNEX_LINE

_ENACTING: Final = re.compile(r"(?:The [A-Z]|We, the )[\w'’,\- ]{3,160},")
_NUMBER: Final = re.compile(r"(?:(\d{1,3})[.)]|\((\d{1,3})\))\s+(?=\S)")
_LETTER: Final = re.compile(r"\(([a-z]{1,2}|[ivx]{1,5})\)\s+(?=\S)")
_BULLET: Final = re.compile(r"[-*+•▪–]\s+(?=\S)")
_CLOSING: Final = re.compile(
    r"(?:Resumed )?\d+(?:st|nd|rd|th) (?:\([\w ]+\) )?(?:plenary )?meeting\b.*"
)
_DATE: Final = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}")
_ROMAN_HEADING: Final = re.compile(r"(?:[IVX]+|[A-Z])\.?(?:\s+[A-Z].*)?")
_RESOLUTION_TITLE: Final = re.compile(r"(?:[A-Z]{0,4}\s?)?\d{1,4}/\d{1,4}\.?\s+\S.*")
_HEADING_WORDS: Final = 25
_ROMAN: Final = frozenset(
    {"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"}
)


@dataclass(slots=True)
class _Part:
    """A paragraph in the making."""

    kind: ParagraphKind
    text: str
    start: int
    end: int
    number: str = ""
    heading: str = ""
    parent: int | None = None
    marks: tuple[str, ...] = ()


@dataclass(slots=True)
class _State:
    """What has been read so far."""

    parts: list[_Part] = field(default_factory=list)
    footnotes: list[Footnote] = field(default_factory=list)
    front: list[str] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)
    body: str = ""
    heading: str = ""
    in_annex: bool = False
    is_closed: bool = False


def build_document(
    reading: Reading, *, name: str, check: Callable[[], None] | None = None
) -> Document:
    """Give every block its role and put broken paragraphs together again.

    Args:
        reading: What a reader made of the file.
        name: The document's name.
        check: Called now and then; raises when the time is over.
    """
    blocks, footnotes = _without_footnotes(reading.blocks)
    state = _State(footnotes=footnotes)
    enacting = next(
        (i for i, b in enumerate(blocks) if _ENACTING.fullmatch(_clean(b, b.text)[0])), None
    )
    if enacting is None:
        rest = list(blocks)
    else:
        _read_front(blocks[:enacting], state)
        state.body = _clean(blocks[enacting], blocks[enacting].text)[0].rstrip(",")
        rest = list(blocks[enacting + 1 :])
    annex = next((i for i, b in enumerate(rest) if ANNEX_LINE.fullmatch(b.text)), len(rest))
    numbered = any(b.number or _NUMBER.match(b.text) for b in rest[:annex])
    for position, block in enumerate(rest):
        if check is not None and position % 100 == 0:
            check()
        _read_block(block, rest[position + 1 : position + 2], state, numbered=numbered)
    return Document(
        name=name,
        source=reading.source,
        paragraphs=_number_parts(state),
        footnotes=tuple(state.footnotes),
        front_matter=tuple(state.front),
        enacting_body=state.body,
        closing=tuple(state.closing),
        notes=reading.notes,
    )


def _without_footnotes(blocks: Sequence[Block]) -> tuple[list[Block], list[Footnote]]:
    kept: list[Block] = []
    footnotes: list[Footnote] = []
    for block in blocks:
        found = split_footnote(block.text) if block.marks is None else None
        if block.footnote:
            text = _clean(block, block.text)[0]
            footnotes.append(Footnote(block.footnote, text, block.start, block.end))
        elif found:
            footnotes.append(Footnote(found[0], found[1], block.start, block.end))
        else:
            kept.append(block)
    return kept, footnotes


def _clean(block: Block, text: str) -> tuple[str, tuple[str, ...]]:
    """A block's text, or the rest of it behind its number, and the footnote marks it cites."""
    return clean_text(text) if block.marks is None else (text, block.marks)


def _read_front(blocks: Sequence[Block], state: _State) -> None:
    """Everything above the enacting body: the last line that looks like one is the title."""
    title = next(
        (i for i, b in enumerate(blocks) if _RESOLUTION_TITLE.fullmatch(_clean(b, b.text)[0])),
        len(blocks) - 1,
    )
    for position, block in enumerate(blocks):
        text, marks = _clean(block, block.text)
        if position == title:
            state.parts.append(_Part("title", text, block.start, block.end, marks=marks))
        else:
            state.front.append(text)


def _read_block(block: Block, following: Sequence[Block], state: _State, *, numbered: bool) -> None:
    raw, number, letter = _take_number(block)
    text, marks = _clean(block, raw)
    if not text:
        return
    last = state.parts[-1] if state.parts else None
    if ANNEX_LINE.fullmatch(text):
        state.in_annex, state.is_closed = True, False
        _add_heading(block, text, marks, state)
    elif state.body and not state.in_annex and (_CLOSING.fullmatch(text) or state.is_closed):
        state.is_closed = True
        state.closing.append(text)
    elif not number and not letter and last is not None and _continues(last, block, text):
        last.text, last.end, last.marks = f"{last.text} {text}", block.end, last.marks + marks
    elif not letter and (block.is_heading or _is_heading(text, number, following)):
        if number:
            text = f"{number}. {text}"
        _add_heading(block, text, marks, state)
    elif letter and (parent := _parent(state, letter)) is not None:
        kind: ParagraphKind = "annex" if state.in_annex else "subparagraph"
        full = f"{state.parts[parent].number} ({letter})".strip()
        part = _Part(kind, text, block.start, block.end, full, state.heading, parent, marks)
        state.parts.append(part)
    else:
        kind = _kind(text, number, state, numbered=numbered)
        full = number or (f"({letter})" if letter else "")
        part = _Part(kind, text, block.start, block.end, full, state.heading, None, marks)
        state.parts.append(part)


def _take_number(block: Block) -> tuple[str, str, str]:
    """The block's text without number or bullet, its number, and its letter."""
    if block.number:
        is_letter = block.number.isalpha() or block.level > 0
        return block.text, "" if is_letter else block.number, block.number if is_letter else ""
    match = _NUMBER.match(block.text)
    if match:
        return block.text[match.end() :], match.group(1) or match.group(2), ""
    match = _LETTER.match(block.text)
    if match:
        return block.text[match.end() :], "", match.group(1)
    match = _BULLET.match(block.text)
    return (block.text[match.end() :] if match else block.text), "", ""


def _continues(last: _Part, block: Block, text: str) -> bool:
    """Whether a block goes on with a paragraph that a page end broke."""
    if last.kind in ("title", "heading") or block.is_heading or _BULLET.match(block.text):
        return False
    return text[0].islower() and last.text[-1] not in ".;:!?"


def _is_heading(text: str, number: str, following: Sequence[Block]) -> bool:
    words = text.split()
    if len(words) > _HEADING_WORDS or text[-1] in ".;,!" or (text[-1] == ":" and number):
        return bool(_ROMAN_HEADING.fullmatch(text)) and len(words) <= 12 and text[-1] not in ";,"
    if not (text[0].isupper() or text[0].isdigit() or text[0] in '“"‘'):
        return False
    if text[-1] == ":" and following and _is_item(following[0]):
        return False
    if number:
        # "3. Infrastructure" heads a section; a numbered sentence without full stop does not.
        return len(words) <= 8 and bool(following)
    return bool(following) or len(words) <= 4


def _is_item(block: Block) -> bool:
    """Whether a block is an item of a list, which the line above it introduces."""
    is_child = block.number.isalpha() or block.level > 0
    return is_child or bool(_LETTER.match(block.text) or _BULLET.match(block.text))


def _add_heading(block: Block, text: str, marks: tuple[str, ...], state: _State) -> None:
    state.heading = text
    state.parts.append(_Part("heading", text, block.start, block.end, marks=marks))


def _parent(state: _State, letter: str) -> int | None:
    """The paragraph that a letter belongs to: under (a) for (i), else under the number."""
    siblings = []
    for position in range(len(state.parts) - 1, -1, -1):
        part = state.parts[position]
        if part.kind in ("heading", "title"):
            return None
        if part.parent is None:
            owner: int | None = position if part.number or part.text.endswith(":") else None
            break
        siblings.append(position)
    else:
        return None
    if letter in _ROMAN and siblings:
        letters = [p for p in siblings if state.parts[p].parent == owner]
        latest = state.parts[siblings[0]].number.rpartition("(")[2].rstrip(")")
        follows_letters = len(latest) == 1 and ord(letter[0]) == ord(latest[0]) + 1
        if letters and not (len(letter) == 1 and follows_letters):
            return letters[0]
    return owner


def _kind(text: str, number: str, state: _State, *, numbered: bool) -> ParagraphKind:
    if state.in_annex:
        return "annex"
    if not state.body:
        return "body"
    if number:
        return "operative"
    begun = any(part.kind == "operative" for part in state.parts)
    if begun:
        return "operative" if not numbered else "body"
    # Before the first number all is preamble; without any number the ending tells.
    return "preambular" if numbered or text.endswith((",", ":")) else "operative"


def _number_parts(state: _State) -> tuple[Paragraph, ...]:
    by_mark: dict[str, list[Footnote]] = {}
    for footnote in state.footnotes:
        by_mark.setdefault(footnote.mark, []).append(footnote)

    def nearest(mark: str, part: _Part) -> Footnote:
        # Where figures start again on each page or in each annex, the next one below is meant.
        return min(by_mark[mark], key=lambda f: (f.start < part.start, abs(f.start - part.start)))

    return tuple(
        Paragraph(
            index=index,
            number=part.number,
            kind=part.kind,
            heading=part.heading,
            text=part.text,
            start=part.start,
            end=part.end,
            parent=part.parent,
            footnotes=tuple(nearest(mark, part) for mark in part.marks if mark in by_mark),
        )
        for index, part in enumerate(state.parts)
    )
