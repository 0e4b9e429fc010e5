"""What the labelled set must hold, as measurements: counts, spread, and language.

Nothing here decides; ``scripts/check_data.py`` holds the measurements against the bounds.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from wsis_sdg_data.reader import LabelledParagraph

SHINGLE: Final = 3
RUN: Final = 8
_WORD: Final = re.compile(r"\w+")
PERMUTATIONS: Final = 128


def words_of(text: str) -> list[str]:
    """The lower-case words of a text, without punctuation."""
    return _WORD.findall(text.lower())


def runs_of(text: str, *, length: int = RUN) -> Iterator[str]:
    """Every run of ``length`` consecutive words in a text."""
    words = words_of(text)
    for begin in range(len(words) - length + 1):
        yield " ".join(words[begin : begin + length])


def shingles_of(text: str) -> set[str]:
    """The set of a text's runs of three words."""
    return set(runs_of(text, length=SHINGLE))


def similar_pairs(
    paragraphs: Sequence[LabelledParagraph], *, bound: float
) -> list[tuple[str, str, float]]:
    """Pairs of paragraphs whose word-3-shingle Jaccard similarity exceeds a bound.

    MinHash proposes pairs well below the bound, and the exact similarity decides.

    Returns:
        ``(id, id, similarity)``, most similar first.
    """
    from datasketch import MinHash, MinHashLSH

    shingles = [shingles_of(p.text) for p in paragraphs]
    # Candidates from two thirds of the bound: MinHash's estimate scatters around the truth.
    index = MinHashLSH(threshold=bound * 2 / 3, num_perm=PERMUTATIONS)
    found: list[tuple[str, str, float]] = []
    for row, own in enumerate(shingles):
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch([shingle.encode() for shingle in own])
        for other in index.query(sketch):
            union = len(own | shingles[other])
            similarity = len(own & shingles[other]) / union if union else 0.0
            if similarity > bound:
                found.append((paragraphs[other].id, paragraphs[row].id, similarity))
        index.insert(row, sketch)
    return sorted(found, key=lambda pair: -pair[2])


def repeated_runs(
    paragraphs: Sequence[LabelledParagraph], *, most: int, fixed_phrases: Iterable[str]
) -> dict[str, list[str]]:
    """Runs of eight words that stand in more than ``most`` paragraphs.

    Args:
        paragraphs: The set.
        most: How many paragraphs may share a run.
        fixed_phrases: Phrases of UN drafting; a run that overlaps one of them by four words or
            more is not counted.

    Returns:
        The run and the ids of the paragraphs that hold it.
    """
    fixed = {run for phrase in fixed_phrases for run in runs_of(phrase, length=4)}
    holders: defaultdict[str, list[str]] = defaultdict(list)
    for paragraph in paragraphs:
        for run in set(runs_of(paragraph.text)):
            holders[run].append(paragraph.id)
    return {
        run: ids
        for run, ids in holders.items()
        if len(ids) > most and not fixed.intersection(runs_of(run, length=4))
    }


def openings(paragraphs: Sequence[LabelledParagraph]) -> dict[tuple[str, str], float]:
    """The share of each register's paragraphs that begin with the same four words."""
    totals = Counter(p.register for p in paragraphs)
    counts = Counter((p.register, " ".join(words_of(p.text)[:4])) for p in paragraphs)
    return {key: count / totals[key[0]] for key, count in counts.items()}


def label_counts(paragraphs: Sequence[LabelledParagraph]) -> Counter[str]:
    """The number of paragraphs that carry each label; targets count for their goals."""
    return Counter(code for p in paragraphs for code in p.codes)


def registers_of_labels(paragraphs: Sequence[LabelledParagraph]) -> dict[str, set[str]]:
    """The registers in which each label is seen."""
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for paragraph in paragraphs:
        for code in paragraph.codes:
            seen[code].add(paragraph.register)
    return dict(seen)
