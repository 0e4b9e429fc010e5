"""The fake tagger for every test of the output, and some tagged records."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from wsis_sdg.tagger import Tagger
from wsis_sdg.taxonomy import BY_CODE

FAKE = Path(__file__).parent / "fake_tagger.py"
ATTACK = "=cmd|' /C calc'!A0"
MARKUP = "<script>alert(1)</script> & \"quotes\" 'too'"


@pytest.fixture(scope="session")
def fake() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fake_tagger", FAKE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tagger(fake: ModuleType) -> Tagger:
    made: Tagger = fake.fake_tagger()
    return made


@pytest.fixture
def script() -> Path:
    return FAKE


def tag(code: str, score: float, **more: Any) -> dict[str, Any]:
    return {"code": code, "score": score, "title": BY_CODE[code].title, **more}


@pytest.fixture
def records() -> list[dict[str, Any]]:
    def record(document: str, index: int, text: str, **more: Any) -> dict[str, Any]:
        empty: dict[str, Any] = {"goals": [], "targets": [], "action_lines": [], "citations": []}
        start = {"document": document, "index": index, "number": "", "kind": "body"}
        return {**start, "heading": "", "text": text, **empty, **more}

    cited = {"kind": "target", "code": "9.c", "text": "target 9.c", "start": 10, "end": 20}
    return [
        record("first.txt", 0, "A title", kind="title"),
        record(
            "first.txt",
            1,
            "Urges 😀 target 9.c, broadband for all; and more access to networks everywhere",
            kind="operative",
            number="1",
            goals=[tag("9", 0.9)],
            targets=[tag("9.c", 1.0, evidence=[{"start": 20, "end": 29, "weight": 0.5}])],
            action_lines=[tag("C2", 0.61)],
            citations=[cited],
        ),
        record("first.txt", 2, ATTACK, kind="operative", number="2"),
        record(f"{MARKUP}.txt", 0, MARKUP, goals=[tag("5", 0.7)], targets=[tag("5.b", 0.7)]),
        record(f"{MARKUP}.txt", 1, "@SUM(1) é 中\nsecond line", heading="+1", number="-2"),
    ]
