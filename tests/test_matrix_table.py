"""Tagged paragraphs to the matrix: counts, the goal hierarchy, edge cases, and size."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wsis_sdg import matrix
from wsis_sdg.documents import Paragraph
from wsis_sdg.errors import DocumentError
from wsis_sdg.matrix.evidence import evidence_of_records, join_evidence
from wsis_sdg.matrix.frames import FIGURES
from wsis_sdg.tagger import Tag, TaggedParagraph, Tagging
from wsis_sdg.taxonomy import ACTION_LINES, GOALS, TARGETS

TAGGED = Path(__file__).parent / "data" / "E-RES-2017-21.tagged.jsonl"


def record(*codes: str, kind: str = "operative", score: float = 0.9, **fields: Any) -> dict:
    tags: dict[str, list[dict]] = {"goals": [], "targets": [], "action_lines": []}
    for code in codes:
        field = "action_lines" if code[0] == "C" else "targets" if "." in code else "goals"
        tags[field].append({"code": code, "score": score, "title": ""})
    place = {"document": "d-2017", "index": 0, "number": "1", "heading": "", "text": "Text."}
    return place | {"kind": kind, "citations": []} | tags | fields


def read_records() -> list[dict]:
    return [json.loads(line) for line in TAGGED.read_text(encoding="utf-8").splitlines()]


def test_counts_are_those_of_the_records() -> None:
    records = read_records()
    built = matrix.build(records)
    read = [r for r in records if r["kind"] not in ("title", "heading")]
    assert built.paragraphs == len(read)

    def has(r: dict, code: str) -> bool:
        return any(tag["code"] == code for tag in r["goals"] + r["action_lines"])

    both = sum(has(r, "C2") and has(r, "9") for r in read)
    grid = built.to_grid("goal", figure="together")
    assert grid.loc["C2", "9"] == both > 10
    expected = sum(has(r, "C2") for r in read) * sum(has(r, "9") for r in read) / len(read)
    assert built.to_grid("goal", figure="expected").loc["C2", "9"] == pytest.approx(expected)
    assert built.goals.linked[1, 8]


def test_a_linked_target_links_its_goal_and_lends_it_strength() -> None:
    records = [record("C5", "9", "9.c")] * 8 + [record("9")] * 60 + [record()] * 30
    built = matrix.build(records)
    line, target = 4, [t.code for t in TARGETS].index("9.c")
    assert built.targets.linked[line, target]
    assert built.goals.linked[line, 8]
    assert built.goals.strength[line, 8] == built.targets.strength[line, target]
    assert built.goals.high[line, 8] == built.targets.high[line, target]


def test_tagged_paragraphs_count_as_their_records() -> None:
    paragraph = Paragraph(3, "4", "operative", "", "Text.", 0, 5)
    tagging = Tagging(goals=(Tag("9", 0.8, "", 0.5),), action_lines=(Tag("C2", 0.7, "", 0.5),))
    built = matrix.build([TaggedParagraph("d", paragraph, tagging, ())])
    assert built.goals.together[1, 8] == 1
    assert built.goals.soft[1, 8] == pytest.approx(0.56)
    assert built.evidence.passages[0].number == "4"


def test_titles_and_headings_are_no_evidence() -> None:
    assert matrix.build([record(kind="title"), record(kind="heading")]).paragraphs == 0


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ([], "No paragraph was read"),
        ([record("9", "9.c"), record("4")], "No paragraph carries an action line"),
        ([record("C2", "9", "9.c")], "1 paragraph is too few"),
        ([record("C2", "9")] * 5, "5 paragraphs are too few"),
    ],
)
def test_small_texts_give_a_table_and_say_so(records: list[dict], words: str) -> None:
    built = matrix.build(records)
    assert words in built.notes[0]
    assert not built.goals.linked.any()
    assert not built.targets.linked.any()
    frame = built.to_frame()
    assert len(frame) == len(ACTION_LINES) * (len(GOALS) + len(TARGETS))
    assert not frame[list(FIGURES)].isna().any().any()


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (record("9.99"), "'9.99', which is no label"),
        ({"text": "no tags"}, "tagged paragraph 2 is no record"),
    ],
)
def test_foreign_records_are_named(bad: dict, words: str) -> None:
    with pytest.raises(DocumentError, match=words):
        matrix.build([record("C2"), bad])


def test_year_is_read_from_the_document() -> None:
    records = [record(document=name) for name in ("E-RES-2017-21.txt", "A-RES-70-125", "12017x")]
    years = [passage.year for passage in evidence_of_records(records).passages]
    assert years == ["2017", "", ""]


def test_joined_evidence_is_complete_only_where_all_parts_are() -> None:
    part = evidence_of_records([record("C2", "9")])
    joined = join_evidence([part, part])
    assert (len(joined.passages), joined.given.sum(), joined.all_scores) == (2, 4, False)
    assert join_evidence([]).given.shape == (0, 204)


def test_frame_columns_and_order() -> None:
    frame = matrix.build(read_records()).to_frame()
    assert list(frame.columns[:5]) == ["level", "line", "line_title", "code", "title"]
    assert list(frame.columns[5:]) == [*FIGURES, "official", "state", "official_status"]
    assert frame["line"].drop_duplicates().tolist() == [line.code for line in ACTION_LINES]
    assert np.all(frame["low"] <= frame["strength"])


LARGE = """
import sys, time
from pathlib import Path
from wsis_sdg.matrix import build, compare
from wsis_sdg.matrix.collect import read_tagged
begin = time.monotonic()
built = build(read_tagged(sys.argv[1]))
# Not getrusage, whose peak a child takes over from the process that started it.
status = Path("/proc/self/status").read_text()
peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
print(built.paragraphs, time.monotonic() - begin, int(peak.split()[1]) / 1024)
"""


@pytest.mark.slow
def test_a_hundred_thousand_paragraphs(tmp_path: Path) -> None:
    file = tmp_path / "large.jsonl"
    kept = [json.dumps(r) for r in read_records() if r["kind"] not in ("title", "heading")]
    file.write_text("\n".join(kept[i % len(kept)] for i in range(100_000)), encoding="utf-8")
    said = subprocess.run(
        [sys.executable, "-c", LARGE, str(file)], capture_output=True, text=True, check=True
    )
    paragraphs, seconds, megabytes = map(float, said.stdout.split())
    assert paragraphs == 100_000
    assert seconds < 10
    assert megabytes < 1000
