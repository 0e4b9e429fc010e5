"""Tagged paragraphs as lines for reading on a terminal."""

from __future__ import annotations

from typing import Any

from wsis_sdg.records import Record
from wsis_sdg.taxonomy import BY_CODE


class TableWriter:
    """Prints each paragraph with its tags; goals in their official colour."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(highlight=False)
        self._document = ""

    def write(self, record: Record) -> None:
        """Print one record: headings as headings, tags under their paragraph."""
        from rich.text import Text

        if record["document"] != self._document:
            self._document = record["document"]
            self._console.rule(self._document)
        if record["kind"] in ("title", "heading"):
            self._console.print(Text(f"\n{record['text']}", style="bold"))
            return
        number = record["number"] or record["kind"]
        self._console.print(Text(f"{number:>10}  ", style="dim") + Text(_shorten(record["text"])))
        tags = Text(" " * 12)
        for tag in _without_implied(record):
            colour = BY_CODE[tag["code"]].colour or "default"
            tags.append(f"{tag['code']} {tag['title']} {tag['score']:.2f}", style=colour)
            tags.append("   ")
        self._console.print(
            tags if tags.plain.strip() else Text(" " * 12 + "no label", style="dim")
        )


def _shorten(text: str, width: int = 150) -> str:
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def _without_implied(record: Record) -> list[dict[str, Any]]:
    """All tags, without the goals that a target beside them implies."""
    implied = {tag["code"].partition(".")[0] for tag in record["targets"]}
    goals = [tag for tag in record["goals"] if tag["code"] not in implied]
    return [*record["targets"], *goals, *record["action_lines"]]
