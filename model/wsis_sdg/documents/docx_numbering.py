"""Word's automatic lists: the numbers that are printed but stand in no paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from wsis_sdg.documents.labels import BULLET, Label, LabelStyle, format_number
from wsis_sdg.documents.xml_package import attribute, child, local

_STYLES: Final[dict[str, LabelStyle | None]] = {
    "lowerLetter": "lower_letter",
    "upperLetter": "upper_letter",
    "lowerRoman": "lower_roman",
    "upperRoman": "upper_roman",
    "bullet": None,
    "none": None,
}
_LEVELS: Final = 9
_PLACE: Final = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list counts and prints."""

    start: int = 1
    style: LabelStyle | None = "decimal"
    text: str = ""
    restart: int | None = None
    is_legal: bool = False
    is_bullet: bool = False


@dataclass(slots=True)
class _List:
    """An abstract list and how far it has counted."""

    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists of a document; asked for paragraph after paragraph, it counts along.

    Args:
        root: The root of ``numbering.xml``, or ``None``.
    """

    def __init__(self, root: etree._Element | None) -> None:
        elements = list(root) if root is not None else []
        abstract = {
            attribute(e, "abstractNumId") or "": e for e in elements if local(e) == "abstractNum"
        }
        by_style = {
            attribute(child(e, "styleLink"), "val"): key
            for key, e in abstract.items()
            if child(e, "styleLink") is not None
        }
        self._lists: dict[str, _List] = {}
        self._abstract: dict[str, str] = {}
        self._overrides: dict[str, dict[int, tuple[int | None, _Level | None]]] = {}
        self._by_style: dict[str, tuple[str, int]] = {}
        for key, element in abstract.items():
            self._lists[key] = _List(dict(_read_level(e) for e in element if local(e) == "lvl"))
        for element in elements:
            number = attribute(element, "numId")
            key = attribute(child(element, "abstractNumId"), "val") or ""
            if local(element) != "num" or number is None or key not in abstract:
                continue
            linked = attribute(child(abstract[key], "numStyleLink"), "val")
            self._abstract[number] = by_style.get(linked, key) if linked else key
            self._overrides[number] = _read_overrides(element)
            for level in abstract[self._abstract[number]]:
                style = attribute(child(level, "pStyle"), "val")
                if style:
                    self._by_style.setdefault(style, (number, _whole(attribute(level, "ilvl"), 0)))

    def of_style(self, style: str) -> tuple[str, int] | None:
        """The list and level that a paragraph style is linked with by the list itself."""
        return self._by_style.get(style)

    def next(self, num_id: str, level: int) -> Label | None:
        """Count one paragraph; its label, or ``None`` where nothing is printed."""
        key = self._abstract.get(num_id)
        if key is None or not 0 <= level < _LEVELS:
            return None
        listing = self._lists[key]
        for place, (start, changed) in self._overrides[num_id].items():
            if changed is not None:
                listing.levels[place] = changed
            if start is not None:
                # A list that starts anew counts from there until it is used no more.
                listing.counts[place] = start - 1
        self._overrides[num_id] = {}
        current = listing.levels.get(level, _Level())
        for above in range(level):
            listing.counts.setdefault(above, listing.levels.get(above, _Level()).start)
        listing.counts[level] = listing.counts.get(level, current.start - 1) + 1
        for below in range(level + 1, _LEVELS):
            restart = listing.levels.get(below, _Level()).restart
            if restart is None or level < restart:
                listing.counts.pop(below, None)
        return self._label(listing, current)

    def _label(self, listing: _List, current: _Level) -> Label | None:
        if current.style is None:
            return BULLET if current.is_bullet else None

        def figure(match: re.Match[str]) -> str:
            place = int(match.group(1)) - 1
            level = listing.levels.get(place, _Level())
            style = "decimal" if current.is_legal else level.style
            count = listing.counts.get(place, level.start)
            return format_number(count, style) if style is not None else ""

        printed = _PLACE.sub(figure, current.text).strip()
        return Label.of(printed) if printed else None


def _read_level(element: etree._Element) -> tuple[int, _Level]:
    restart = attribute(child(element, "lvlRestart"), "val")
    kind = attribute(child(element, "numFmt"), "val") or "decimal"
    level = _Level(
        start=_whole(attribute(child(element, "start"), "val"), 0),
        style=_STYLES.get(kind, "decimal"),
        text=(attribute(child(element, "lvlText"), "val") or "")[:100],
        restart=_whole(restart, 0) if restart is not None else None,
        is_legal=child(element, "isLgl") is not None,
        is_bullet=kind == "bullet",
    )
    return _whole(attribute(element, "ilvl"), 0), level


def _read_overrides(num: etree._Element) -> dict[int, tuple[int | None, _Level | None]]:
    found: dict[int, tuple[int | None, _Level | None]] = {}
    for element in num:
        if local(element) == "lvlOverride":
            start = attribute(child(element, "startOverride"), "val")
            level = child(element, "lvl")
            found[_whole(attribute(element, "ilvl"), 0)] = (
                _whole(start, 1) if start is not None else None,
                _read_level(level)[1] if level is not None else None,
            )
    return found


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and re.fullmatch(r"\d{1,6}", text) else otherwise
