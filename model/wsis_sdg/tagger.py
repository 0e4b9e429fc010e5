"""Texts and documents to tags: encoder, head, explicit citations and the goal hierarchy in one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, overload

import numpy as np
from numpy.typing import NDArray

from wsis_sdg.citations import Citation, find_citations_many
from wsis_sdg.decision import raise_goals
from wsis_sdg.encoder import Encoder, Progress, encoder_identity
from wsis_sdg.engines import Engine, load_encoder
from wsis_sdg.errors import HeadError
from wsis_sdg.explain import (
    Explanation,
    Phrase,
    TagExplanation,
    neighbours_of,
    phrases_of,
    runners_up,
    strongest_phrases,
    training_paragraphs,
    without_each,
)
from wsis_sdg.head import Head, load_head
from wsis_sdg.taxonomy import ARTEFACTS, COLUMN, LABELS, Kind, Label, columns_of
from wsis_sdg.windows import combine_windows, split_windows

if TYPE_CHECKING:
    from wsis_sdg.documents import Document, Paragraph

Floats = NDArray[np.float32]

SHIPPED_HEAD: Final = ARTEFACTS / "head"
ADAPTER_FOLDER: Final = "adapter"
UNTAGGED_KINDS: Final = frozenset({"title", "heading"})
"""Titles and headings say what a section is about, not what a paragraph states: no tags."""


@dataclass(frozen=True, slots=True)
class Tag:
    """One label given to one text.

    Attributes:
        code: The label's code, such as ``"9.c"``.
        score: Calibrated probability, 0 to 1; 1.0 where the text cites the label itself.
        title: The label's short title.
        threshold: The probability from which this label is given.
    """

    code: str
    score: float
    title: str
    threshold: float


@dataclass(frozen=True, slots=True)
class Tagging:
    """All labels given to one text, best first within each label space."""

    goals: tuple[Tag, ...] = ()
    targets: tuple[Tag, ...] = ()
    action_lines: tuple[Tag, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all labels given, goals first."""
        return tuple(tag.code for tag in (*self.goals, *self.targets, *self.action_lines))


@dataclass(frozen=True, slots=True)
class TaggedParagraph:
    """A paragraph of a document with its tags and explicit citations."""

    document: str
    paragraph: Paragraph
    tagging: Tagging
    citations: tuple[Citation, ...]


class Tagger:
    """The classifier as one object: ``Tagger.load()``, then ``predict`` or ``tag``.

    Args:
        encoder: Gives embeddings of the kind that ``head`` was fitted on.
        head: Coefficients, calibration and thresholds.
    """

    def __init__(self, encoder: Encoder, head: Head) -> None:
        _check_match(encoder.identity, head)
        self.encoder = encoder
        self.head = head
        self.labels: tuple[Label, ...] = LABELS

    @classmethod
    def load(
        cls, path: Path | str | None = None, *, engine: Engine = "auto", cache: bool = True
    ) -> Tagger:
        """Load a head and the encoder it was fitted on.

        Args:
            path: A folder written by ``wsis-sdg train``; the shipped head when not given.
            engine: ``torch``, ``openvino`` (after ``wsis-sdg compile``), or ``auto``: the
                compiled encoder where there is one.
            cache: Keep embeddings on disk and reuse them.

        Raises:
            HeadError: When the head was altered or does not fit this version.
            EncoderError: When the encoder is missing or not the one the head was fitted on.
        """
        folder = SHIPPED_HEAD if path is None else Path(path)
        head = load_head(folder)
        adapter = folder / ADAPTER_FOLDER if head.encoder.get("adapter_sha256") else None
        name = head.encoder.get("path", head.encoder["name"])
        # The check comes before the model is loaded: the wrong weights are named at once.
        _check_match(encoder_identity(name, adapter), head)
        encoder = load_encoder(
            name, dimension=head.dimension, adapter=adapter, engine=engine, cache=cache
        )
        return cls(encoder, head)

    def scores(self, texts: Sequence[str], *, progress: Progress | None = None) -> Floats:
        """Score every label on every text.

        Args:
            texts: Paragraphs, each read on its own.
            progress: Called with the number of further encoded units after each batch.

        Returns:
            Calibrated probabilities, float32 ``(n, 204)``, columns as :attr:`labels`. A label
            that the text cites has 1.0, and a goal is never below its targets.
        """
        if isinstance(texts, str):
            raise TypeError("scores takes a list of texts; pass [text]")
        return self._scores(texts, find_citations_many(texts), progress)

    def _scores(
        self,
        texts: Sequence[str],
        citations: Sequence[Sequence[Citation]],
        progress: Progress | None,
    ) -> Floats:
        units = split_windows(texts)
        embeddings = self.encoder.encode(units.texts, progress=progress)
        probabilities = self.head.decision.probabilities(
            combine_windows(self.head.logits(embeddings, units.texts), units)
        )
        for row, cited in enumerate(citations):
            for citation in cited:
                if citation.code in COLUMN:
                    probabilities[row, COLUMN[citation.code]] = 1.0
        return raise_goals(probabilities)

    def predict(self, texts: Sequence[str], *, progress: Progress | None = None) -> list[Tagging]:
        """Tag texts: every label whose score reaches its threshold, in the texts' order."""
        return [self.decide(row) for row in self.scores(texts, progress=progress)]

    def decide(self, probabilities: Floats) -> Tagging:
        """Turn one row of scores ``(204,)`` into the labels that reach their thresholds."""
        given = self.head.decision.given(probabilities[None, :])[0]
        return Tagging(
            goals=self._tags(probabilities, given, "goal"),
            targets=self._tags(probabilities, given, "target"),
            action_lines=self._tags(probabilities, given, "action_line"),
        )

    def _tags(self, probabilities: Floats, given: NDArray[np.bool_], kind: Kind) -> tuple[Tag, ...]:
        space = columns_of(kind)
        columns = [c for c in range(space.start, space.stop) if given[c]]
        columns.sort(key=lambda c: -probabilities[c])
        return tuple(self._tag(c, float(probabilities[c])) for c in columns)

    def explain(self, text: str) -> Explanation:
        """Explain every tag of one text: its phrases, its neighbours, and what came next.

        A phrase carries a tag when leaving it out lowers the tag's probability.

        Raises:
            HeadError: When the installed labelled set is not the one the head was fitted on.
        """
        paragraphs = training_paragraphs(self.head)
        (cited,) = find_citations_many([text])
        scores, phrases = self._phrases(text)
        tagging = self.decide(scores)
        embedding = self.encoder.encode([text])[0]
        entries = []
        for tag in (*tagging.goals, *tagging.targets, *tagging.action_lines):
            column = COLUMN[tag.code]
            entries.append(
                TagExplanation(
                    tag,
                    phrases(column),
                    neighbours_of(embedding, column, self.head, paragraphs),
                    tuple(c for c in cited if c.code == tag.code),
                )
            )
        following = runners_up(scores, self.head, tagging.codes)
        return Explanation(
            text, tuple(entries), tuple(self._tag(c, float(scores[c])) for c in following)
        )

    def carrying_phrases(self, text: str, codes: Sequence[str]) -> dict[str, tuple[Phrase, ...]]:
        """For some labels of a text, the phrases without which they would score lower."""
        _, phrases = self._phrases(text)
        return {code: phrases(COLUMN[code]) for code in codes}

    def _phrases(self, text: str) -> tuple[Floats, Callable[[int], tuple[Phrase, ...]]]:
        """Scores ``(204,)`` of a text, and what gives the phrases behind one column of them."""
        spans = phrases_of(text)
        texts = [text, *without_each(text, spans)]
        scores = self._scores(texts, find_citations_many(texts), None)

        def phrases(column: int) -> tuple[Phrase, ...]:
            return strongest_phrases(text, spans, scores[0, column] - scores[1:, column])

        return scores[0], phrases

    def _tag(self, column: int, score: float) -> Tag:
        label = LABELS[column]
        return Tag(label.code, score, label.title, float(self.head.decision.thresholds[column]))

    def tag(self, document: Document, *, progress: Progress | None = None) -> list[TaggedParagraph]:
        """Tag every paragraph of a document; titles and headings come back without tags."""
        return list(
            self.tag_paragraphs(
                [(document.name, p) for p in document.paragraphs], progress=progress
            )
        )

    def tag_paragraphs(
        self, paragraphs: Sequence[tuple[str, Paragraph]], *, progress: Progress | None = None
    ) -> Iterable[TaggedParagraph]:
        """Tag (document name, paragraph) pairs, which may come from several documents."""
        citations = find_citations_many([p.text for _, p in paragraphs])
        rows = [i for i, (_, p) in enumerate(paragraphs) if p.kind not in UNTAGGED_KINDS]
        scores = self._scores(
            [paragraphs[i][1].text for i in rows], [citations[i] for i in rows], progress
        )
        taggings = {i: self.decide(row) for i, row in zip(rows, scores, strict=True)}
        for i, (name, paragraph) in enumerate(paragraphs):
            yield TaggedParagraph(name, paragraph, taggings.get(i, Tagging()), citations[i])


def _check_match(identity: dict[str, str], head: Head) -> None:
    for fact in ("name", "weights_sha256", "adapter_sha256"):
        if identity[fact] != head.encoder.get(fact):
            raise HeadError(
                f"the head was fitted on an encoder whose {fact} is "
                f"{head.encoder.get(fact)!r}, not {identity[fact]!r}",
                "restore the folder from the package, or run 'wsis-sdg train'",
            )


@cache
def _shipped_tagger() -> Tagger:
    return Tagger.load()


@overload
def predict(text: str) -> Tagging: ...  # type: ignore[overload-overlap]
@overload
def predict(text: Sequence[str]) -> list[Tagging]: ...
def predict(text: str | Sequence[str]) -> Tagging | list[Tagging]:
    """Tag one text, or a list of texts, with the shipped classifier.

    The classifier is loaded at the first call and kept.

    Args:
        text: One paragraph, or several.

    Returns:
        A :class:`Tagging` for one text, a list of them for several.
    """
    if isinstance(text, str):
        return _shipped_tagger().predict([text])[0]
    return _shipped_tagger().predict(text)
