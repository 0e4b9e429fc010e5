"""What stands on a page but is not its text: running heads, job numbers, tables of contents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

_FURNITURE: Final = re.compile(
    r"\d{1,3}/\d{1,3}"
    r"|(?:[A-Z]{1,3}\.)?\d{2}-\d{5}(?:\s*\([A-Z]\))?(?:\s+\d{4,8})*(?:\s*\*\d{6,10}\*)?"
    r"|Page\s+\d+(?:\s+(?:of|/)\s*\d+)?"
    r"|\*\d{6,10}\*|[-–—]\s*\d{1,3}\s*[-–—]"
    r"|Please recycle\W*",
    re.IGNORECASE,
)
_SYMBOL: Final = re.compile(r"[A-Z]{1,6}(?:/[A-Z0-9.\-]+)+\*?")
_CONTENTS: Final = re.compile(r"(?:table of )?contents", re.IGNORECASE)
_PAGE_AT_END: Final = re.compile(r"(?:\d{1,4}|[ivxlc]{1,7})$")
_LEADER: Final = frozenset(".…·")


def is_furniture(line: str) -> bool:
    """Whether a line is a page number, a job number, a bar code or the call to recycle."""
    return bool(_FURNITURE.fullmatch(line))


def is_symbol(line: str) -> bool:
    """Whether a line is nothing but a document symbol such as ``A/RES/70/125``."""
    return bool(_SYMBOL.fullmatch(line))


def repeated_symbols(lines: Iterable[str]) -> frozenset[str]:
    """The symbols that stand alone on more than one line: a running head, page after page."""
    counts = Counter(line for line in lines if is_symbol(line))
    return frozenset(line for line, count in counts.items() if count > 1)


def contents_lines(lines: Sequence[str]) -> frozenset[int]:
    """The places of the lines that belong to a table of contents with dotted leaders."""
    leaders = [place for place, line in enumerate(lines) if _has_leader(line)]
    if len(leaders) < 2:
        return frozenset()
    found = set(leaders)
    for earlier, later in pairwise(leaders):
        # An entry of two lines has its dots on the second.
        if later - earlier <= 4:
            found.update(range(earlier, later))
    for place in range(max(0, leaders[0] - 6), leaders[0]):
        if _CONTENTS.fullmatch(lines[place].strip()):
            found.update(range(place, leaders[0]))
    return frozenset(found)


def _has_leader(line: str) -> bool:
    line = line.strip()
    page = _PAGE_AT_END.search(line[-8:])
    if page is None:
        return False
    dots = "".join(line[: len(line) - len(page.group())][-16:].split())
    return len(dots) >= 4 and set(dots[-4:]) <= _LEADER
