"""Why a text got its tags: the phrases that carry them, and the labelled paragraphs like it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from wsis_sdg.citations import Citation
from wsis_sdg.errors import HeadError
from wsis_sdg.taxonomy import COLUMN

if TYPE_CHECKING:
    from wsis_sdg.head import Head
    from wsis_sdg.tagger import Tag
    from wsis_sdg_data import LabelledParagraph

Floats = NDArray[np.float32]

MOST_PHRASES: Final = 3
MOST_NEIGHBOURS: Final = 3
MOST_RUNNERS_UP: Final = 5
LEAST_EFFECT: Final = 0.01
PHRASE_WORDS: Final = 12
"""A clause longer than this is cut into phrases of at most so many words."""
_CLAUSE: Final = re.compile(r"[^.;:!?,]+[.;:!?,]*\s*")
_WORD: Final = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of the text and what leaving it out does to a tag.

    Attributes:
        text: The words.
        start: Offset of its first character in the explained text.
        end: Offset behind its last character.
        effect: The tag's probability with the phrase, less that without it.
    """

    text: str
    start: int
    end: int
    effect: float


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A labelled paragraph that the classifier learnt from, and how like the text it is."""

    id: str
    text: str
    codes: tuple[str, ...]
    similarity: float


@dataclass(frozen=True, slots=True)
class TagExplanation:
    """Why one tag was given.

    Attributes:
        tag: The tag, with its score and threshold.
        phrases: What carries it, strongest first; none where no single phrase does.
        neighbours: The most similar labelled paragraphs that carry the label.
        citations: Explicit mentions of the label in the text.
    """

    tag: Tag
    phrases: tuple[Phrase, ...]
    neighbours: tuple[Neighbour, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a text got its tags, and which labels came next.

    Attributes:
        text: The explained text.
        tags: One entry a tag: goals, targets, action lines, each best first.
        runners_up: Labels below their threshold, nearest to it first.
    """

    text: str
    tags: tuple[TagExplanation, ...]
    runners_up: tuple[Tag, ...]

    def to_dict(self) -> dict[str, Any]:
        """The explanation as plain dictionaries, for JSON."""
        return asdict(self)


def phrases_of(text: str) -> list[tuple[int, int]]:
    """Cut a text into clauses and long clauses into phrases, as ``(start, end)`` offsets."""
    spans: list[tuple[int, int]] = []
    for clause in _CLAUSE.finditer(text):
        words = [(m.start(), m.end()) for m in _WORD.finditer(text, clause.start(), clause.end())]
        if not words:
            continue
        count = -(-len(words) // PHRASE_WORDS)
        for part in np.array_split(np.arange(len(words)), count):
            spans.append((words[part[0]][0], words[part[-1]][1]))
    return spans


def without_each(text: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """The text once for every span, with that span left out."""
    return [f"{text[:start]} {text[end:]}".strip() for start, end in spans]


def strongest_phrases(
    text: str, spans: Sequence[tuple[int, int]], effects: Floats
) -> tuple[Phrase, ...]:
    """The spans whose absence costs a tag most, strongest first."""
    order = np.argsort(-effects, kind="stable")[:MOST_PHRASES]
    return tuple(
        Phrase(text[spans[i][0] : spans[i][1]].strip(), spans[i][0], spans[i][1], float(effects[i]))
        for i in order
        if effects[i] >= LEAST_EFFECT
    )


def training_paragraphs(head: Head) -> list[LabelledParagraph]:
    """The labelled paragraphs behind a head's examples, in the examples' order.

    Raises:
        HeadError: When the installed labelled set is not the one the head was fitted on.
    """
    # The model reaches for the labelled set in two places only: to train, and to show examples.
    from wsis_sdg_data import data_sha256, read_training_set

    if data_sha256() != head.training.get("data_sha256"):
        raise HeadError(
            "the labelled set beside this head is not the one it was fitted on",
            "run 'wsis-sdg train', or install the version that the head came with",
        )
    return read_training_set()


def neighbours_of(
    embedding: Floats, column: int, head: Head, paragraphs: Sequence[LabelledParagraph]
) -> tuple[Neighbour, ...]:
    """The paragraphs most similar to an embedding ``(d,)`` among those that carry a label."""
    rows = np.flatnonzero(head.scorer.example_labels[: len(paragraphs), column])
    cosines = head.scorer.examples[rows].astype(np.float32) @ embedding
    best = np.argsort(-cosines, kind="stable")[:MOST_NEIGHBOURS]
    return tuple(
        Neighbour(
            paragraphs[int(rows[i])].id,
            paragraphs[int(rows[i])].text,
            paragraphs[int(rows[i])].codes,
            float(cosines[i]),
        )
        for i in best
    )


def runners_up(probabilities: Floats, head: Head, given: Sequence[str]) -> list[int]:
    """Columns of the labels that were not given, those nearest to their threshold first."""
    taken = {COLUMN[code] for code in given}
    ratios = probabilities / np.maximum(head.decision.thresholds, 1e-6)
    order = np.argsort(-ratios, kind="stable")
    return [int(c) for c in order if int(c) not in taken][:MOST_RUNNERS_UP]


def render_text(explanation: Explanation) -> str:
    """The explanation as lines for reading on a terminal."""
    lines = [explanation.text, ""]
    if not explanation.tags:
        lines.append("No label reaches its threshold.")
    for entry in explanation.tags:
        tag = entry.tag
        lines.append(f"{tag.code}  {tag.title}  {tag.score:.2f} (threshold {tag.threshold:.2f})")
        lines += [f"    cited: “{citation.text}”" for citation in entry.citations]
        lines += [f"    carried by: “{p.text}” (+{p.effect:.2f})" for p in entry.phrases]
        lines += [
            f"    like {n.id} ({n.similarity:.2f}): {_shorten(n.text)}" for n in entry.neighbours
        ]
    if explanation.runners_up:
        lines += ["", "Next below their thresholds:"]
        lines += [
            f"    {tag.code}  {tag.title}  {tag.score:.2f} (threshold {tag.threshold:.2f})"
            for tag in explanation.runners_up
        ]
    return "\n".join(lines)


def _shorten(text: str, width: int = 110) -> str:
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"
