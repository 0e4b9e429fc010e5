"""Lines to running text: what a hyphen at a line end means."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final

SOFT_HYPHEN: Final = "\u00ad"
_HYPHENS: Final = ("-", "\u2010", SOFT_HYPHEN)
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST: Final = re.compile(r"(?:[^\W\d_]+-)*[^\W\d_]+$")
_SUSPENDED: Final = frozenset({"and", "or", "to", "nor"})
"""Words before which a hyphen stands for a part left out: low- and middle-income."""
_WEAK: Final = frozenset({
    "a", "after", "all", "an", "anti", "any", "as", "at", "be", "bi", "by", "co", "con",
    "counter", "de", "e", "every", "ex", "for", "her", "him", "in", "inter", "intra", "is",
    "it", "my", "no", "non", "not", "of", "off", "on", "or", "our", "out", "over", "per",
    "post", "pre", "pro", "re", "self", "semi", "some", "sub", "the", "them", "there", "to",
    "trans", "ultra", "under", "up", "us", "we", "what", "where", "with", "your",
})  # fmt: skip
"""First parts that begin whole words as often as compounds: in-formation, in-depth."""
_STRONG: Final = frozenset({
    "cross", "cyber", "far", "full", "half", "high", "long", "low", "macro", "mid", "micro",
    "multi", "near", "one", "peer", "second", "short", "socio", "third", "top", "two", "well",
})  # fmt: skip
"""First parts after which a hyphen at a line end is nearly always the word's own."""


class Vocabulary:
    """The words of a document that no line end breaks, in small letters.

    Empty where no line ends in a hyphen: then nothing will be asked of it.

    Args:
        lines: All lines of the document, without space around them.
    """

    def __init__(self, lines: Sequence[str] = ()) -> None:
        words: set[str] = set()
        is_broken = False
        for line in lines if any(line.endswith(_HYPHENS) for line in lines) else ():
            found = _WORD.findall(line.lower())
            first = 1 if is_broken else 0
            is_broken = line.endswith(_HYPHENS)
            words.update(found[first : len(found) - 1 if is_broken else len(found)])
        self._ordered = sorted(words)

    def __contains__(self, word: str) -> bool:
        place = bisect_left(self._ordered, word)
        return self._ordered[place : place + 1] == [word]

    def __bool__(self) -> bool:
        return bool(self._ordered)

    def has_form_of(self, word: str, *, head: int) -> bool:
        """Whether it holds a word, or one that differs only in the ending.

        Args:
            word: The word.
            head: How many of its letters say nothing, since they stand alone as well.
        """
        stem = word[: max(head + 3, len(word) - 3)]
        place = bisect_left(self._ordered, stem)
        like = self._ordered[place : place + 1]
        return word in self or (len(stem) > head + 2 and bool(like) and like[0].startswith(stem))


_NO_WORDS: Final = Vocabulary()


def join_lines(parts: Iterable[str], *, words: Vocabulary = _NO_WORDS) -> str:
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


def _close(line: str, following: str, words: Vocabulary) -> tuple[str, str]:
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
    if not words:
        return line, ""
    if words.has_form_of(first + last, head=len(first)):
        return before, ""
    if "-" in first:
        return line, ""
    if first in _WEAK:
        return (line if last in words else before), ""
    keeps = first in _STRONG or (first in words and len(first) > 2)
    return (line if keeps else before), ""
