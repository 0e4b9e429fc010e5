"""Numbers of lists as they are printed: decimal, letters, Roman figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

LabelStyle = Literal["decimal", "lower_letter", "upper_letter", "lower_roman", "upper_roman"]

_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_NUMBER: Final = re.compile(r"\(?(\d+(?:\.\d+)*)[.)]*")
_LETTER: Final = re.compile(r"\(?([a-z]{1,6})[.)]*")


@dataclass(frozen=True, slots=True)
class Label:
    """What an automatic list prints before a paragraph.

    Attributes:
        printed: The label as printed: ``"61."``, ``"(a)"``, ``"Article 3"``.
        number: The bare number or small letter where it is one, else empty.
    """

    printed: str
    number: str

    @classmethod
    def of(cls, printed: str) -> Label:
        """Take a printed label apart."""
        match = _NUMBER.fullmatch(printed) or _LETTER.fullmatch(printed)
        return cls(printed, match.group(1) if match else "")


BULLET: Final = Label("•", "")
"""What stands before an item of a list without numbers."""


def format_number(value: int, style: LabelStyle) -> str:
    """A list's counter as printed; what the style cannot express is printed as a decimal."""
    if style.endswith("letter") and 1 <= value <= 26 * 26:
        # Word counts a … z, aa, bb; pages of the web count aa, ab: lists as long are not met.
        letter = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letter if style == "lower_letter" else letter.upper()
    if style.endswith("roman") and 1 <= value < 4000:
        roman = ""
        for size, figure in _ROMAN:
            roman += figure * (value // size)
            value %= size
        return roman if style == "lower_roman" else roman.upper()
    return str(value)
