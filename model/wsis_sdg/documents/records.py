"""What a document is: paragraphs with their place, kind and footnotes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ParagraphKind = Literal[
    "title", "heading", "preambular", "operative", "subparagraph", "annex", "body"
]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of source text that a reader took for one unit, before its role is known.

    Attributes:
        text: The text as read, line breaks already spaces; with markup unless ``marks`` is given.
        start: Offset of its first character in the source text.
        end: Offset behind its last character.
        number: A number that the format itself gives (an automatic list), without brackets.
        level: Depth of the list that gave the number: a nested list's numbers are children.
        is_heading: The format itself says that this is a heading.
        footnote: The mark, where the format itself says that this is a footnote.
        marks: The footnote marks cited, where the format itself gives them: then the text is
            free of them and of markup.
    """

    text: str
    start: int
    end: int
    number: str = ""
    level: int = 0
    is_heading: bool = False
    footnote: str = ""
    marks: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader hands over: the source text, its blocks in reading order, and notes."""

    source: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote: its mark, its text, and where it stands in the source text."""

    mark: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a document.

    Attributes:
        index: Place in the document, from 0.
        number: As printed, without full stop: ``"61"``, ``"61 (a)"``, or empty.
        kind: Its role in the document.
        heading: The nearest heading above, or empty.
        text: The text without number, markup and footnote figures.
        start: Offset in the document's source text where it begins.
        end: Offset behind its last character; a paragraph that a page end breaks spans the break.
        parent: Index of the paragraph that a subparagraph belongs to.
        footnotes: The footnotes it cites.
    """

    index: int
    number: str
    kind: ParagraphKind
    heading: str
    text: str
    start: int
    end: int
    parent: int | None = None
    footnotes: tuple[Footnote, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its structure.

    Attributes:
        name: File name, or what the caller called it.
        source: The source text that all offsets point into.
        paragraphs: In reading order.
        footnotes: All footnotes, those that no paragraph cites included.
        front_matter: Lines before the title: symbol, date, session, agenda item.
        enacting_body: The line of the body that adopts, such as ``The General Assembly``.
        closing: Lines behind the last paragraph: meeting and date of adoption.
        notes: What a reader should know: an encoding guessed, a table passed over.
    """

    name: str
    source: str
    paragraphs: tuple[Paragraph, ...]
    footnotes: tuple[Footnote, ...] = ()
    front_matter: tuple[str, ...] = ()
    enacting_body: str = ""
    closing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The text of the title paragraph, or empty."""
        return next((p.text for p in self.paragraphs if p.kind == "title"), "")
