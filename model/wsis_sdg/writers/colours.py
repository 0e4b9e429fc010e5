"""The colours of labels: a goal's official one, and the ink that can be read on it."""

from __future__ import annotations

from typing import Final

from wsis_sdg.taxonomy import BY_CODE

LINE_COLOUR: Final = "#46515C"
"""Of all action lines, which have no official colours; told apart by their codes."""


def label_colour(code: str) -> str:
    """The colour of a label as ``#RRGGBB``; a target has its goal's."""
    label = BY_CODE[code]
    return LINE_COLOUR if label.goal is None else BY_CODE[label.goal].colour or LINE_COLOUR


def ink_on(colour: str) -> str:
    """Black or white, whichever contrasts more with ``#RRGGBB`` (WCAG relative luminance)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000000" if (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) else "#FFFFFF"
