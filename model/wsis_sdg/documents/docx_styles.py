"""Word's styles: which paragraphs are headings, entries of a table of contents, list items."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

from wsis_sdg.documents.xml_package import attribute, child, local

# Word's own heading styles, and those of the UN's templates (H1, HCh, _ H _Ch_T).
_HEADING: Final = re.compile(
    r"(?:heading|überschrift|titre|título)\s*\d*|title|subtitle|h\s?\d{1,2}|_\s*h[_\s].*|h_?ch.*",
    re.IGNORECASE,
)
_CONTENTS: Final = re.compile(r"toc\s*(?:\d+|heading)|table of figures", re.IGNORECASE)
_DEPTH: Final = 20
"""Styles that may rest on one another; more is a circle."""


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph style says, with what it takes from the styles it rests on.

    Attributes:
        is_heading: It is for headings.
        is_contents: It is for entries of a table of contents.
        is_bold: Its text is bold.
        is_hidden: Its text is not printed.
        num_id: The list that its paragraphs are numbered by.
        level: The level in that list.
    """

    is_heading: bool = False
    is_contents: bool = False
    is_bold: bool = False
    is_hidden: bool = False
    num_id: str | None = None
    level: str | None = None


def read_styles(root: etree._Element | None) -> tuple[dict[str, Style], str]:
    """All paragraph and character styles by identifier.

    Returns:
        The styles, and the identifier of the paragraph style that holds where none is named.
    """
    elements: dict[str, etree._Element] = {}
    default = ""
    for element in root if root is not None else ():
        key = attribute(element, "styleId")
        if local(element) == "style" and key:
            elements[key] = element
            if attribute(element, "type") == "paragraph" and is_on(attribute(element, "default")):
                default = key
    return {key: _resolve(key, elements) for key in elements}, default


def is_on(value: str | None, *, otherwise: bool = False) -> bool:
    """A switch of WordprocessingML: ``1``, ``true`` and ``on`` are on."""
    return otherwise if value is None else value.lower() in ("1", "true", "on")


def switch(properties: etree._Element | None, name: str) -> bool | None:
    """Whether properties switch something on or off, or ``None`` where they do not speak of it."""
    element = child(properties, name)
    return None if element is None else is_on(attribute(element, "val"), otherwise=True)


def is_outlined(properties: etree._Element | None) -> bool:
    """Whether paragraph properties give a level of the outline, which only headings have."""
    level = attribute(child(properties, "outlineLvl"), "val")
    return level is not None and level.isdecimal() and int(level) < 9


def _resolve(key: str, elements: dict[str, etree._Element]) -> Style:
    is_heading = is_contents = False
    is_bold = is_hidden = num_id = level = None
    for _ in range(_DEPTH):
        element = elements.get(key)
        if element is None:
            break
        name = attribute(child(element, "name"), "val") or key
        paragraph, run = child(element, "pPr"), child(element, "rPr")
        is_heading = is_heading or bool(_HEADING.fullmatch(name)) or is_outlined(paragraph)
        is_contents = is_contents or bool(_CONTENTS.fullmatch(name))
        is_bold = switch(run, "b") if is_bold is None else is_bold
        is_hidden = switch(run, "vanish") if is_hidden is None else is_hidden
        if num_id is None:
            num_id = attribute(child(paragraph, "numPr", "numId"), "val")
        if level is None:
            level = attribute(child(paragraph, "numPr", "ilvl"), "val")
        key = attribute(child(element, "basedOn"), "val") or ""
    return Style(is_heading, is_contents, bool(is_bold), bool(is_hidden), num_id, level)
