"""Shading by strength in the goals' official colours, and ink that can be read on it."""

from __future__ import annotations

from math import log2
from typing import Final

FULL_STRENGTH: Final = 8.0
"""The strength from which a cell has its deepest shade; strength 1 and less has none."""
DEEPEST: Final = 0.55
"""Share of the goal's colour in the deepest shade: black ink stays readable on it."""


def shade_share(strength: float) -> float:
    """How deep a cell is shaded, 0 to 1, on a logarithmic scale from strength 1 to 8."""
    return min(1.0, max(0.0, log2(max(strength, 1.0)) / log2(FULL_STRENGTH)))


def shade(colour: str | None, strength: float) -> str:
    """The shade ``#rrggbb`` of a cell: white, tinted with the goal's colour by its strength."""
    share = DEEPEST * shade_share(strength)
    return "#" + "".join(
        f"{round(255 + (channel - 255) * share):02x}" for channel in _channels(colour)
    )


def ink_on(colour: str | None) -> str:
    """Black or white, whichever contrasts more with a background (WCAG relative luminance)."""
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in _channels(colour))
    )
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000000" if (luminance + 0.05) ** 2 > 0.05 * 1.05 else "#ffffff"


def _channels(colour: str | None) -> tuple[int, int, int]:
    digits = (colour or "#ffffff").removeprefix("#")
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
