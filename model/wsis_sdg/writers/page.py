"""Records as one self-contained HTML page, for reading in a browser or on paper."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from wsis_sdg.records import TAG_FIELDS, About, Record
from wsis_sdg.taxonomy import GOALS, KINDS, LABELS, Label
from wsis_sdg.writers.colours import ink_on

UNTAGGED_KINDS: Final = ("title", "heading")
KIND_NAMES: Final = {"goal": "Goals", "target": "Targets", "action_line": "Action lines"}


@dataclass(slots=True)
class _Overview:
    """What the page's side shows, counted before the paragraphs are written."""

    documents: list[dict[str, Any]] = field(default_factory=list)
    labels: Counter[str] = field(default_factory=Counter)


def write_page(records: Iterable[Record], path: Path, about: About) -> None:
    """Write records as an HTML page that asks nothing of any server.

    A tag may carry ``evidence``, a list of ``{start, end, weight}`` with offsets into the
    paragraph's text; the page marks these words when the tag is pointed at.

    Args:
        records: Gone through twice.
        path: The file.
        about: Shown in the page's side.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("wsis_sdg", "writers/templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    overview = _overview(records)
    stream = environment.get_template("page.html").stream(
        about=about,
        documents=overview.documents,
        groups=[
            {"name": KIND_NAMES[kind], "labels": labels}
            for kind in KINDS
            if (labels := [_label_row(x, overview) for x in LABELS if x.kind == kind])
        ],
        goals=[(goal.code, colour, ink_on(colour)) for goal in GOALS if (colour := goal.colour)],
        sections=_sections(records),
    )
    # Written piece by piece: a page of many paragraphs is not held in memory.
    stream.enable_buffering(64)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(stream)


def _overview(records: Iterable[Record]) -> _Overview:
    overview = _Overview()
    for name, group in groupby(records, key=lambda record: record["document"]):
        paragraphs = tagged = 0
        for record in group:
            given = [tag["code"] for space in TAG_FIELDS for tag in record[space]]
            overview.labels.update(given)
            paragraphs += record["kind"] not in UNTAGGED_KINDS
            tagged += bool(given)
        overview.documents.append({"name": name, "paragraphs": paragraphs, "tagged": tagged})
    return overview


def _label_row(label: Label, overview: _Overview) -> dict[str, Any]:
    return {
        "code": label.code,
        "kind": label.kind,
        "title": label.title,
        "goal": label.goal or "line",
        "count": overview.labels[label.code],
    }


def _sections(records: Iterable[Record]) -> Iterator[dict[str, Any]]:
    for name, group in groupby(records, key=lambda record: record["document"]):
        yield {"name": name, "paragraphs": map(_paragraph, group)}


def _paragraph(record: Record) -> dict[str, Any]:
    tags = [
        {**tag, "kind": kind, "goal": tag["code"].partition(".")[0] if kind != "line" else "line"}
        for space, kind in zip(TAG_FIELDS, ("goal", "target", "line"), strict=True)
        for tag in record[space]
    ]
    for tag in tags:
        tag["evidence"] = json.dumps(
            [[part["start"], part["end"], part["weight"]] for part in tag.get("evidence", [])]
        )
    return {
        "index": record["index"],
        "number": record["number"],
        "kind": record["kind"],
        "text": record["text"],
        "is_heading": record["kind"] in UNTAGGED_KINDS,
        "tags": tags,
        "codes": " ".join(tag["code"] for tag in tags),
    }
