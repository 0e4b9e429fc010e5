"""Markup, footnote figures and typesetters' characters out of a block's text."""

from __future__ import annotations

import re
from typing import Final

SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
"""Figures to raised figures: how readers hand footnote marks to the text."""
FIGURES: Final = "[⁰¹²³⁴-⁹]+"
# A unit keeps its power: km², m³.
_UNIT: Final = r"(?<!\bm)(?<!\bkm)(?<!\bcm)(?<!\bmm)"
_FIGURE: Final = re.compile(rf"{_UNIT}({FIGURES})(?:,\s*(?={FIGURES}))?")
_MARK: Final = re.compile(
    rf"{_UNIT}({FIGURES})(?:,\s*(?={FIGURES}))?|\[\^(\w+)\]|<sup>\s*(\d+)\s*</sup>"
)
_LINK: Final = re.compile(r"!?\[([^\[\]\n]*)\]\((?:[^()\s]|\([^()]*\))*\)")
# The length is bounded so that a line of a million asterisks stays cheap.
_EMPHASIS: Final = re.compile(
    r"(?<![\w*])(\*{1,3}|_{1,3})(?=\S)(.{1,400}?)(?<=\S)\1(?![\w*])", re.DOTALL
)
_TAG: Final = re.compile(r"</?(?:b|i|em|strong|u|sub|span|a|p|br)\b[^<>]*>", re.IGNORECASE)
_SPACE: Final = re.compile(r"\s+")
_CHARACTERS: Final = str.maketrans(
    {
        "\u00ad": "",  # soft hyphen
        "\u200b": "",  # zero-width space
        "\u200e": "",  # marks of writing direction
        "\u200f": "",
        "\u2060": "",  # word joiner
        "\ufeff": "",  # byte-order mark in mid-text
        "\u2010": "-",  # hyphen
        "\u2011": "-",  # non-breaking hyphen
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
    }
)


def tidy(text: str) -> str:
    """Ligatures, soft and non-breaking hyphens and all kinds of space to plain characters."""
    return _SPACE.sub(" ", text.translate(_CHARACTERS)).strip()


def clean_text(text: str) -> tuple[str, tuple[str, ...]]:
    """Take Markdown, inline tags and footnote figures out of a text.

    Returns:
        The text with single spaces, and the footnote marks it cited, as plain figures.
    """
    text = _LINK.sub(r"\1", text)
    text, marks = _take_marks(_MARK, text)
    text = _TAG.sub("", text)
    for _ in range(3):
        text, changes = _EMPHASIS.subn(r"\2", text)
        if not changes:
            break
    return tidy(text), marks


def take_figures(text: str) -> tuple[str, tuple[str, ...]]:
    """Take only raised figures out of a text that holds no markup.

    Returns:
        The text with single spaces, and the footnote marks it cited, as plain figures.
    """
    text, marks = _take_marks(_FIGURE, text)
    return tidy(text), marks


def split_footnote(text: str) -> tuple[str, str] | None:
    """The mark and text of a block that is a footnote, or ``None``."""
    match = re.match(rf"(?:({FIGURES})|\[\^(\w+)\]:|<sup>\s*(\d+)\s*</sup>)\s*(?=\S)", text)
    if match is None:
        return None
    mark = next(g for g in match.groups() if g).translate(SUPERSCRIPTS)
    return mark, clean_text(text[match.end() :])[0]


def _take_marks(pattern: re.Pattern[str], text: str) -> tuple[str, tuple[str, ...]]:
    marks: list[str] = []

    def take(match: re.Match[str]) -> str:
        marks.append(next(g for g in match.groups() if g).translate(SUPERSCRIPTS))
        return ""

    return pattern.sub(take, text), tuple(marks)
