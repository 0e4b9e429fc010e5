"""Explicit mentions of goals, targets, action lines and documents."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wsis_sdg.citations import find_citations, find_citations_many
from wsis_sdg.taxonomy import LABELS


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("in line with target 9.c, which", ["9.c"]),
        ("(targets 4.3 and 4.4)", ["4.3", "4.4"]),
        ("SDG targets 3.3, 3.8 and 5.6.", ["3.3", "3.8", "5.6"]),
        ("SDG 5", ["5"]),
        ("SDGs 1, 2 and 5", ["1", "2", "5"]),
        ("Sustainable Development Goals 1, 3 and 5", ["1", "3", "5"]),
        ("Sustainable Development Goal 5 on gender", ["5"]),
        ("Goal 16 of the Agenda", ["16"]),
        ("Goals 1 to 3", ["1", "2", "3"]),
        ("Goals 1-3, 5", ["1", "2", "3", "5"]),
        ("Goal 5, and 17 countries", ["5"]),
        ("Target 9.C", ["9.c"]),
        ("action line C5.", ["C5"]),
        ("action lines C2, C5 and C7 (e-health)", ["C2", "C5", "C7-ehea"]),
        ("C7: E-learning", ["C7-elea"]),
        ("action line C7 on e-government", ["C7-egov"]),
        ("A/RES/70/125 and (E/2017/31).", ["A/RES/70/125", "E/2017/31"]),
        ("A/72/64-E/2017/12.", ["A/72/64-E/2017/12"]),
        ("TD/519/Add.2 and Corr.1", ["TD/519/Add.2"]),
        ("General Assembly resolution 70/1", ["A/RES/70/1"]),
        ("Council resolution 2006/46", ["E/RES/2006/46"]),
        ("resolutions 70/1 and 70/125", ["70/1", "70/125"]),
    ],
)
def test_found(text: str, codes: list[str]) -> None:
    assert [c.code for c in find_citations(text)] == codes


@pytest.mark.parametrize(
    "text",
    [
        "from 17 to 21 July 2017",
        "paragraph 9.c of the rules",
        "MDG 5 and Millennium Development Goal 4",
        "a goal of 3 per cent",
        "target 4.99",
        "action line C7",
        "SDG 18",
        "Goal 1 of the institution’s strategic plan",
    ],
)
def test_not_found(text: str) -> None:
    assert find_citations(text) == ()


def test_a_resolution_with_dates_gives_the_resolution_alone() -> None:
    text = "resolution 70/1 of 25 September 2015, in Nairobi from 17 to 21 July 2016"
    assert [c.code for c in find_citations(text)] == ["70/1"]


def test_every_label_is_found_by_its_code() -> None:
    leads = {"goal": "SDG", "target": "target", "action_line": "action line"}
    texts = [f"See {leads[label.kind]} {label.code}." for label in LABELS]
    found = find_citations_many(texts)
    assert [[c.code for c in row] for row in found] == [[label.code] for label in LABELS]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(["SDG", "5", "9.c", "target", "and", ",", "C5", "to", "17", "Goals"]))
)
def test_spans_hold_what_they_say(words: list[str]) -> None:
    text = " ".join(words)
    for citation in find_citations(text):
        assert text[citation.start : citation.end] == citation.text
