"""Labelled paragraphs from JSONL, with errors that name file and line."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, cast, get_args

Register = Literal["resolution", "report", "plan", "project"]

DATA_FOLDER: Final = Path(__file__).parent
RESOLUTION_FILE: Final = DATA_FOLDER / "E-RES-2017-21.jsonl"
BREADTH_FILE: Final = DATA_FOLDER / "breadth.json"
VOCABULARY_FILE: Final = DATA_FOLDER / "vocabulary.tsv"
FIELDS: Final = (
    "id",
    "text",
    "register",
    "theme",
    "targets",
    "goals",
    "action_lines",
    "aspects",
    "passes",
)
CODE_FORMS: Final = {
    "targets": re.compile(r"(?:[1-9]|1[0-7])\.(?:[1-9]|1\d|[a-d])"),
    "goals": re.compile(r"[1-9]|1[0-7]"),
    "action_lines": re.compile(r"C(?:[1-689]|1[01]|7-e(?:gov|bus|lea|hea|emp|env|agr|sci))"),
}


class DataError(ValueError):
    """A line of labelled data that does not follow the format; the message says where."""


@dataclass(frozen=True, slots=True)
class LabelledParagraph:
    """One paragraph and everything it was labelled with.

    Attributes:
        id: Stable name, file stem and running number: ``"follow-up-0017"``.
        text: The paragraph.
        register: Resolution, report, plan or project.
        theme: Paragraphs written together share a theme and never straddle a fold.
        targets: Codes of SDG targets.
        goals: Codes of goals that stand alone, without one of their targets.
        action_lines: Codes of WSIS action lines.
        aspects: Sub-topics (``"9.c#2"``, see ``breadth.json``) that it was written to cover.
        passes: What each independent labelling gave, first pass first; the labels above are
            the settled ones.
    """

    id: str
    text: str
    register: Register
    theme: str
    targets: tuple[str, ...]
    goals: tuple[str, ...]
    action_lines: tuple[str, ...]
    aspects: tuple[str, ...]
    passes: tuple[tuple[str, ...], ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """All labels, with the goals that the targets imply."""
        implied = {target.partition(".")[0] for target in self.targets}
        goals = sorted(implied | set(self.goals), key=int)
        return (*goals, *self.targets, *self.action_lines)


def read_labelled(path: Path) -> list[LabelledParagraph]:
    """Read one labelled JSONL file.

    Args:
        path: A file with one JSON object a line, fields as in :class:`LabelledParagraph`.

    Raises:
        DataError: When the file is missing, or at the first line that does not follow the
            format, named as ``file:line``.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    paragraphs: list[LabelledParagraph] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        paragraph = _parse(line, f"{path}:{number}")
        if paragraph.id in seen:
            raise DataError(f"{path}:{number}: the id {paragraph.id!r} stands twice")
        seen.add(paragraph.id)
        paragraphs.append(paragraph)
    return paragraphs


def read_training_set(*, resolution: bool = True) -> list[LabelledParagraph]:
    """Read the whole committed training set, files in alphabetical order.

    Args:
        resolution: Include the paragraphs of E/RES/2017/21. Whoever reports a figure on the
            resolution leaves them out.
    """
    return [
        paragraph
        for path in _training_files()
        if resolution or path != RESOLUTION_FILE
        for paragraph in read_labelled(path)
    ]


def read_breadth() -> list[tuple[str, str, str]]:
    """Read the sub-topics that make up each target's and action line's breadth.

    Returns:
        ``(label's code, aspect, description)``, where the aspect is the code with the
        sub-topic's number, ``"9.c#2"``, as paragraphs name it in ``aspects``.

    Raises:
        DataError: When the file is missing or is not a JSON object of lists of texts.
    """
    try:
        breadth = json.loads(BREADTH_FILE.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{BREADTH_FILE}: cannot be read as JSON: {error}") from error
    if not isinstance(breadth, dict):
        raise DataError(f"{BREADTH_FILE}: must hold one JSON object, from codes to lists")
    rows: list[tuple[str, str, str]] = []
    for code, descriptions in breadth.items():
        if not isinstance(descriptions, list) or not all(isinstance(d, str) for d in descriptions):
            raise DataError(f"{BREADTH_FILE}: {code} must hold a list of descriptions")
        rows += [(code, f"{code}#{n}", text) for n, text in enumerate(descriptions, start=1)]
    return rows


def read_vocabulary() -> list[tuple[tuple[str, ...], str]]:
    """Read the phrases in which the labels' matters are spoken of.

    Returns:
        ``(codes, phrase)``; no codes where a phrase earns no label. A target's goal is not named
        beside it.

    Raises:
        DataError: When the file is missing, or at the first line that is not codes with blanks
            between them, a tab and a phrase, or whose phrase stood before; named as ``file:line``.
    """
    try:
        lines = VOCABULARY_FILE.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{VOCABULARY_FILE}: cannot be read as UTF-8 text: {error}") from error
    rows: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(lines, start=1):
        place = f"{VOCABULARY_FILE}:{number}"
        codes, tab, phrase = line.partition("\t")
        if not tab or not phrase.strip() or "\t" in phrase:
            raise DataError(f"{place}: must be codes, one tab and a phrase")
        for code in codes.split():
            if not any(form.fullmatch(code) for form in CODE_FORMS.values()):
                raise DataError(f"{place}: {code!r} is no code")
        if phrase in rows:
            raise DataError(f"{place}: the phrase {phrase!r} stands twice")
        rows[phrase] = tuple(codes.split())
    return [(codes, phrase) for phrase, codes in rows.items()]


def data_sha256() -> str:
    """One hash over names and bytes of all training files, in alphabetical order."""
    digest = hashlib.sha256()
    for path in [*_training_files(), BREADTH_FILE, VOCABULARY_FILE]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _training_files() -> list[Path]:
    return sorted(DATA_FOLDER.glob("*.jsonl"))


def _parse(line: str, place: str) -> LabelledParagraph:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise DataError(f"{place}: not a JSON object: {error}") from error
    if not isinstance(row, dict) or set(row) != set(FIELDS):
        found = sorted(row) if isinstance(row, dict) else type(row).__name__
        raise DataError(f"{place}: fields must be {', '.join(FIELDS)}; found {found}")
    for field in ("id", "text", "theme"):
        if not isinstance(row[field], str) or not row[field].strip():
            raise DataError(f"{place}: {field} must be a text that is not empty")
    if row["register"] not in get_args(Register):
        raise DataError(f"{place}: register {row['register']!r} is not one of the four")
    for field, form in CODE_FORMS.items():
        for code in _codes(row[field], f"{place}: {field}"):
            if not form.fullmatch(code):
                raise DataError(f"{place}: {field} has {code!r}, which is no such code")
    for goal in row["goals"]:
        if any(target.partition(".")[0] == goal for target in row["targets"]):
            raise DataError(f"{place}: goal {goal} stands alone only where none of its targets do")
    if not isinstance(row["passes"], list) or not row["passes"]:
        raise DataError(f"{place}: passes must hold at least the first labelling")
    return LabelledParagraph(
        id=row["id"],
        text=row["text"],
        register=cast("Register", row["register"]),
        theme=row["theme"],
        targets=tuple(row["targets"]),
        goals=tuple(row["goals"]),
        action_lines=tuple(row["action_lines"]),
        aspects=tuple(_codes(row["aspects"], f"{place}: aspects")),
        passes=tuple(tuple(_codes(p, f"{place}: passes")) for p in row["passes"]),
    )


def _codes(value: Any, place: str) -> Sequence[str]:
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        raise DataError(f"{place} must be a list of codes")
    if len(set(value)) != len(value):
        raise DataError(f"{place} names a code twice: {value}")
    return value
