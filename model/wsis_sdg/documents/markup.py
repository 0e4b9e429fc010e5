"""Markup and footnote figures out of a block's text."""

from __future__ import annotations

import re
from typing import Final

SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_FIGURES: Final = "[⁰¹²³⁴-⁹]+"
# A unit keeps its power: km², m³.
_MARK: Final = re.compile(
    rf"(?<!\bm)(?<!\bkm)(?<!\bcm)(?<!\bmm)({_FIGURES})|\[\^(\w+)\]|<sup>\s*(\d+)\s*</sup>"
)
_LINK: Final = re.compile(r"!?\[([^\[\]\n]*)\]\((?:[^()\s]|\([^()]*\))*\)")
_EMPHASIS: Final = re.compile(r"(?<![\w*])(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=\S)\1(?![\w*])")
_TAG: Final = re.compile(r"</?(?:b|i|em|strong|u|sub|span|a|p|br)\b[^<>]*>", re.IGNORECASE)
_SPACE: Final = re.compile(r"\s+")


def clean_text(text: str) -> tuple[str, tuple[str, ...]]:
    """Take markup and footnote figures out of a text.

    Returns:
        The text with single spaces, and the footnote marks it cited, as plain figures.
    """
    marks: list[str] = []

    def take(match: re.Match[str]) -> str:
        marks.append(next(g for g in match.groups() if g).translate(SUPERSCRIPTS))
        return ""

    text = _LINK.sub(r"\1", text)
    text = _MARK.sub(take, text)
    text = _TAG.sub("", text)
    for _ in range(3):
        text, changes = _EMPHASIS.subn(r"\2", text)
        if not changes:
            break
    return _SPACE.sub(" ", text).strip(), tuple(marks)


def split_footnote(text: str) -> tuple[str, str] | None:
    """The mark and text of a block that is a footnote, or ``None``."""
    match = re.match(rf"(?:({_FIGURES})|\[\^(\w+)\]:|<sup>\s*(\d+)\s*</sup>)\s*(?=\S)", text)
    if match is None:
        return None
    mark = next(g for g in match.groups() if g).translate(SUPERSCRIPTS)
    return mark, clean_text(text[match.end() :])[0]
