"""Lines to running text: what a hyphen at a line end means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

SOFT_HYPHEN: Final = "\u00ad"
_HYPHENS: Final = ("-", "\u2010", SOFT_HYPHEN)
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST: Final = re.compile(r"(?:[^\W\d_]+-)*[^\W\d_]+$")
_SUSPENDED: Final = frozenset({"and", "or", "to", "nor"})
"""Words before which a hyphen stands for a part left out: low- and middle-income."""
_PREFIXES: Final = frozenset({
    "all", "anti", "bi", "co", "counter", "cross", "cyber", "e", "ex", "far", "full", "half",
    "high", "inter", "intra", "long", "low", "macro", "mid", "micro", "mini", "multi", "near",
    "non", "off", "on", "one", "over", "peer", "post", "pre", "pro", "pseudo", "re", "second",
    "self", "semi", "short", "socio", "sub", "third", "top", "trans", "two", "ultra", "under",
    "well", "wide", "year",
})  # fmt: skip


def vocabulary(lines: Sequence[str]) -> frozenset[str]:
    """The words of a document that no line end breaks, in small letters.

    Empty where no line ends in a hyphen: then nothing will be asked of it.
    """
    if not any(line.endswith(_HYPHENS) for line in lines):
        return frozenset()
    words: set[str] = set()
    is_broken = False
    for line in lines:
        found = _WORD.findall(line.lower())
        first = 1 if is_broken else 0
        is_broken = line.endswith(_HYPHENS)
        words.update(found[first : len(found) - 1 if is_broken else len(found)])
    return frozenset(words)


def join_lines(parts: Iterable[str], *, words: frozenset[str] = frozenset()) -> str:
    """Join the lines of a block; a word that a line end breaks becomes one word again.

    Args:
        parts: The lines, without space around them.
        words: The document's vocabulary, which tells ``infor-mation`` from ``people-centred``.
    """
    joined: list[str] = []
    for part in parts:
        if not joined:
            joined.append(part)
        elif joined[-1].endswith(_HYPHENS):
            joined[-1], between = _close(joined[-1], part, words)
            joined += [between, part]
        else:
            joined += [" ", part]
    return "".join(joined)


def _close(line: str, following: str, words: frozenset[str]) -> tuple[str, str]:
    """A line that ends in a hyphen, without it where it is not the word's own, and what follows."""
    before = line[:-1]
    head = _LAST.search(before[-80:])
    tail = _WORD.match(following)
    if head is None or tail is None:
        between_figures = before[-1:].isdigit() and following[:1].isdigit()
        return line, "" if between_figures else " "
    first, last = head.group().lower(), tail.group().lower()
    if last in _SUSPENDED:
        return line, " "
    if line.endswith(SOFT_HYPHEN):
        return before, ""
    if f"{first}-{last}" in words or tail.group()[0].isupper():
        return line, ""
    if first + last in words:
        return before, ""
    is_word = first.rpartition("-")[2] in words and len(first) > 2
    keeps = not words or is_word or first.rpartition("-")[2] in _PREFIXES or "-" in first
    return (line if keeps else before), ""
