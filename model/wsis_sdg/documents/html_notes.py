"""Footnotes of an HTML page: who cites, where the note stands, and the way back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

from wsis_sdg.documents.html_tree import BLOCKS, text_of

_MARK: Final = re.compile(r"[\[(]?(\d{1,3}|\*{1,4}|†|‡|[ivx]{1,5}|[a-z])[\])]?")
_NOTE_NAME: Final = re.compile(
    r"_?(?:fn|ftn|edn|en|footnote|endnote|note|cite_note)", re.IGNORECASE
)
_RETURN: Final = re.compile(r"[↩↑^⏎\ufe0e\ufe0f\s]+")


@dataclass(frozen=True, slots=True)
class Notes:
    """The elements that make up a page's footnotes.

    Attributes:
        references: Elements whose text is a mark in the running text, with the mark.
        bodies: Elements that are a footnote, with its mark.
        returns: Links from a footnote back to where it is cited.
    """

    references: dict[etree._Element, str]
    bodies: dict[etree._Element, str]
    returns: frozenset[etree._Element]


def find_notes(root: etree._Element) -> Notes:
    """Find the footnotes by their links: a mark that points forward is a citation."""
    order: dict[etree._Element, int] = {}
    targets: dict[str, etree._Element] = {}
    links: list[etree._Element] = []
    for place, element in enumerate(root.iter(etree.Element)):
        order[element] = place
        for key in (element.get("id"), element.get("name")):
            if key:
                targets.setdefault(key, element)
        if element.tag == "a" and element.get("href", "").startswith("#"):
            links.append(element)
    references: dict[etree._Element, str] = {}
    bodies: dict[etree._Element, str] = {}
    returns: set[etree._Element] = set()
    for link in links:
        fragment = link.get("href", "")[1:]
        target = targets.get(fragment)
        text = text_of(link)
        match = _MARK.fullmatch(text)
        if target is None or not (match or _RETURN.fullmatch(text)):
            continue
        inner = link[0] if len(link) == 1 else link.getparent()
        is_raised = inner is not None and inner.tag == "sup"
        is_note = is_raised or "noteref" in link.get("role", "") or bool(_NOTE_NAME.match(fragment))
        if order[target] < order[link]:
            if is_note or not match:
                returns.add(link)
        elif match and is_note:
            references[link] = match.group(1)
            body = _block_of(target)
            if body is not None and order[body] > order[link]:
                bodies.setdefault(body, match.group(1))
    return Notes(references, bodies, frozenset(returns))


def _block_of(target: etree._Element) -> etree._Element | None:
    """The paragraph, list item or division that an anchor stands in."""
    element: etree._Element | None = target
    while element is not None and element.tag not in BLOCKS:
        element = element.getparent()
    return element
