"""The contract: scores, tags, the goal hierarchy and citations; and the shipped head itself."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import wsis_sdg
from wsis_sdg import tagger as tagger_module
from wsis_sdg.documents import Document, Paragraph, read_document
from wsis_sdg.errors import HeadError
from wsis_sdg.head import Head
from wsis_sdg.tagger import SHIPPED_HEAD, Tagger, Tagging
from wsis_sdg.taxonomy import COLUMN, LABELS

BROADBAND = (
    "Urges universal and affordable access to broadband networks in the least developed countries;"
)


def _codes(tags: tuple[Any, ...]) -> list[str]:
    return [tag.code for tag in tags]


@pytest.fixture
def document() -> Document:
    text = (
        "Resolution adopted by the Council\n\n"
        "Broadband and schools\n\n"
        "The Economic and Social Council,\n\n"
        "1. Encourages broadband for all;\n\n"
        "2. Recalls target 5.b and action line C5;\n\n"
        "3. Decides to meet again.\n"
    )
    return read_document(io.BytesIO(text.encode()), name="small.txt")


def test_labels_are_the_columns(word_tagger: Tagger) -> None:
    assert word_tagger.labels == LABELS
    scores = word_tagger.scores(["about broadband", "about cables", "about nothing"])
    assert scores.shape == (3, 204)
    assert scores.dtype == np.float32
    assert scores[0, COLUMN["9.c"]] > 0.9
    assert scores[1, COLUMN["C2"]] > 0.9
    assert scores[2].max() < 0.1


def test_scores_of_no_texts_are_no_rows(word_tagger: Tagger) -> None:
    assert word_tagger.scores([]).shape == (0, 204)
    assert word_tagger.predict([]) == []


def test_scores_of_a_single_text_are_refused(word_tagger: Tagger) -> None:
    with pytest.raises(TypeError, match=r"pass \[text\]"):
        word_tagger.scores("about broadband")


def test_a_text_gets_the_same_scores_alone_and_among_others(word_tagger: Tagger) -> None:
    texts = ["broadband", "; ".join(["many other words on this matter"] * 15) + "; women", "trust"]
    together = word_tagger.scores(texts)
    for row, text in enumerate(texts):
        np.testing.assert_allclose(word_tagger.scores([text])[0], together[row], rtol=1e-6)


def test_progress_counts_every_unit(word_tagger: Tagger) -> None:
    counts: list[int] = []
    word_tagger.scores(["a", "; ".join(["five words are in this"] * 20)], progress=counts.append)
    assert sum(counts) == 2 + 3  # two wholes, and a hundred words in windows of 45


def test_a_target_implies_its_goal(word_tagger: Tagger) -> None:
    (tagging,) = word_tagger.predict(["Encourages broadband, women and partners"])
    assert sorted(_codes(tagging.targets)) == ["5.b", "9.c"]
    assert sorted(_codes(tagging.goals), key=int) == ["5", "9", "17"]
    assert tagging.action_lines == ()
    assert set(tagging.codes) == {"5", "5.b", "9", "9.c", "17"}


def test_tags_say_what_they_are_and_come_best_first(word_tagger: Tagger) -> None:
    (tagging,) = word_tagger.predict(["Encourages hospitals; target 9.c"])
    assert _codes(tagging.targets) == ["9.c", "3.8"]
    assert tagging.targets[0].score == 1.0
    assert tagging.targets[0].title == LABELS[COLUMN["9.c"]].title
    assert tagging.targets[1].threshold == 0.5
    assert 0.5 <= tagging.targets[1].score < 1


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(["broadband", "women", "trust", "schools", "target 9.b", "SDG 5"])))
def test_tags_reach_their_thresholds_and_goals_their_targets(
    word_tagger: Tagger, parts: list[str]
) -> None:
    (row,) = word_tagger.scores(["; ".join(parts)])
    tagging = word_tagger.decide(row)
    for tag in (*tagging.goals, *tagging.targets, *tagging.action_lines):
        assert tag.score == row[COLUMN[tag.code]] >= tag.threshold
    scores = {tag.code: tag.score for tag in tagging.goals}
    for tag in tagging.targets:
        assert scores[tag.code.partition(".")[0]] >= tag.score
    for tags in (tagging.goals, tagging.targets, tagging.action_lines):
        assert [t.score for t in tags] == sorted((t.score for t in tags), reverse=True)


def test_a_goal_is_given_with_its_target_whatever_its_own_threshold(word_head: Head) -> None:
    thresholds = word_head.decision.thresholds.copy()
    thresholds[COLUMN["9"]] = 1.1
    thresholds[COLUMN["3"]] = 1.1
    decision = replace(word_head.decision, thresholds=thresholds)
    tagger = Tagger(_encoder(word_head), replace(word_head, decision=decision))
    (tagging,) = tagger.predict(["about broadband"])
    assert tagging.codes == ("9", "9.c")


def _encoder(head: Head) -> Any:
    class Zeros:
        engine = "zeros"
        identity = dict(head.encoder)  # noqa: RUF012

        def encode(self, texts: Any, *, progress: Any = None) -> Any:
            rows = np.zeros((len(texts), head.dimension), np.float32)
            rows[:, 0] = 1  # the dimension of broadband
            return rows

    return Zeros()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Recalls target 14.7", ["14", "14.7"]),
        ("Recalls Goal 11", ["11"]),
        ("Recalls action line C7 (e-health)", ["C7-ehea"]),
        ("Recalls A/RES/70/125", []),
    ],
)
def test_citations_are_certain(word_tagger: Tagger, text: str, codes: list[str]) -> None:
    (row,) = word_tagger.scores([text])
    assert [LABELS[c].code for c in np.flatnonzero(row == 1)] == codes
    assert word_tagger.predict([text])[0].codes == tuple(codes)


def test_one_text_gives_one_tagging_and_a_list_gives_a_list(
    word_tagger: Tagger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tagger_module, "_shipped_tagger", lambda: word_tagger)
    one = wsis_sdg.predict("about trust")
    assert isinstance(one, Tagging)
    assert one.codes == ("C5",)
    assert wsis_sdg.predict(["about trust"]) == [one]
    assert wsis_sdg.predict(["about trust", "about women"])[1].codes == ("5", "5.b")
    assert wsis_sdg.predict([]) == []


def test_titles_and_headings_are_not_tagged(word_tagger: Tagger, document: Document) -> None:
    tagged = word_tagger.tag(document)
    assert [t.paragraph for t in tagged] == list(document.paragraphs)
    assert {t.document for t in tagged} == {"small.txt"}
    codes = {t.paragraph.text: t.tagging.codes for t in tagged}
    assert codes["Broadband and schools"] == ()
    assert codes["Encourages broadband for all;"] == ("9", "9.c")
    assert codes["Decides to meet again."] == ()
    (cited,) = [t for t in tagged if t.paragraph.number == "2"]
    assert cited.tagging.codes == ("5", "5.b", "C5")
    assert [c.code for c in cited.citations] == ["5.b", "C5"]


def test_headings_are_not_even_encoded(word_tagger: Tagger, document: Document) -> None:
    list(word_tagger.tag_paragraphs([("d", p) for p in document.paragraphs]))
    assert "Broadband and schools" not in word_tagger.encoder.seen  # type: ignore[attr-defined]


def test_paragraphs_of_several_documents_keep_their_names(
    word_tagger: Tagger, document: Document
) -> None:
    paragraph: Paragraph = document.paragraphs[-1]
    tagged = list(word_tagger.tag_paragraphs([("a", paragraph), ("b", paragraph)]))
    assert [t.document for t in tagged] == ["a", "b"]
    assert list(word_tagger.tag_paragraphs([])) == []


@pytest.mark.parametrize("fact", ["name", "weights_sha256", "adapter_sha256"])
def test_an_encoder_that_the_head_was_not_fitted_on_is_refused(
    word_encoder: Any, word_head: Head, fact: str
) -> None:
    word_encoder.identity = word_encoder.identity | {fact: "another"}
    with pytest.raises(HeadError, match=rf"{fact} is '.*', not 'another'; .*wsis-sdg train"):
        Tagger(word_encoder, word_head)


@pytest.mark.slow
def test_the_shipped_head_tags_broadband() -> None:
    tagging = wsis_sdg.predict(BROADBAND)
    assert "9.c" in _codes(tagging.targets)
    assert "C2" in _codes(tagging.action_lines)
    assert "9" in _codes(tagging.goals)


@pytest.mark.slow
def test_the_shipped_head_reads_long_and_empty_texts() -> None:
    tagger = Tagger.load(cache=False)
    scores = tagger.scores([BROADBAND * 60, "", "…"])
    assert np.isfinite(scores).all()
    assert scores.min() >= 0
    assert scores.max() <= 1
    assert tagger.predict([""]) == [tagger.decide(scores[1])]


@pytest.mark.slow
def test_the_committed_head_is_the_one_the_committed_data_gives() -> None:
    from wsis_sdg.head import load_head
    from wsis_sdg.retrain import head_encoder, load_training_set
    from wsis_sdg.training import fit_scorer_on
    from wsis_sdg_data import data_sha256

    head = load_head(SHIPPED_HEAD)
    assert head.training["data_sha256"] == data_sha256()
    data = load_training_set()
    assert head.training["paragraphs"] == len(data.texts)
    encoder = head_encoder(SHIPPED_HEAD, adapted=bool(head.encoder["adapter_sha256"]))
    assert encoder.identity == dict(head.encoder)
    # All of it would take minutes: every fortieth text is encoded, and all are fitted on.
    known = head.scorer.examples.astype(np.float32)
    sample = np.arange(0, len(data.texts), 40)
    fresh = encoder.encode(data.texts_of(sample))
    np.testing.assert_allclose(fresh, known[sample], atol=2e-3)
    phrases = encoder.encode(data.phrases)
    scorer = fit_scorer_on(np.concatenate([known, phrases]), data, np.arange(len(data.texts)))
    np.testing.assert_array_equal(scorer.example_labels, head.scorer.example_labels)
    # Four digits of a score are printed; examples are kept in half precision.
    np.testing.assert_allclose(
        head.decision.probabilities(scorer.planes(fresh)),
        head.decision.probabilities(head.scorer.planes(fresh)),
        atol=2e-3,
    )
