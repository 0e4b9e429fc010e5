"""Build the resolution's HTML, Markdown, DOCX and PDF forms from its text, for the tests.

Run by hand when the layout under test changes; the results are committed under tests/data.
LibreOffice makes the PDF from the DOCX (Debian: libreoffice-writer, fonts-liberation and
hyphen-en-us, so that words are broken at line ends).
"""

from __future__ import annotations

import html
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from make_test_docx import write_docx

from wsis_sdg.documents import Document, read_document
from wsis_sdg.documents.markup import FIGURES, SUPERSCRIPTS, split_footnote
from wsis_sdg.documents.text import read_text

DATA = Path(__file__).parent.parent / "tests" / "data"
NAME = "E-RES-2017-21"
_TOKEN = re.compile(rf"({FIGURES})|(?<!\w)\*(?=\S)(.+?)(?<=\S)\*(?!\w)")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")


@dataclass(frozen=True)
class Unit:
    """A paragraph with its inline markup as ``(text, "" | "i" | "note")`` runs."""

    kind: str
    number: str
    runs: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The text without markup and marks."""
        return "".join(text for text, style in self.runs if style != "note")


def main() -> None:
    """Write every form beside the text."""
    document = read_document(DATA / f"{NAME}.txt")
    units = list(resolution_units(document))
    notes = {note.mark: note.text for note in document.footnotes}
    (DATA / f"{NAME}.html").write_text(to_html(units, notes), encoding="utf-8")
    (DATA / f"{NAME}.md").write_text(to_markdown(units, notes), encoding="utf-8")
    write_docx(DATA / f"{NAME}.docx", units, notes)
    to_pdf(DATA / f"{NAME}.docx", DATA)


def resolution_units(document: Document) -> Iterator[Unit]:
    """The resolution in reading order, page breaks healed, markup kept."""
    for line in document.front_matter:
        yield Unit("front", "", ((line, ""),))
    blocks = [
        block
        for block in read_text(document.source, name=document.name).blocks
        if split_footnote(block.text) is None
    ]
    for paragraph in document.paragraphs:
        raw = " ".join(
            b.text for b in blocks if paragraph.start <= b.start and b.end <= paragraph.end
        )
        raw = re.sub(r"^(?:\d+\.|\([a-z]\))\s+", "", raw)
        yield Unit(paragraph.kind, paragraph.number, tuple(runs(_LINK.sub(r"\1", raw))))
        if paragraph.kind == "title":
            yield Unit("body", "", ((f"{document.enacting_body},", "i"),))
    for line in document.closing:
        yield Unit("closing", "", ((line, ""),))


def runs(raw: str) -> Iterator[tuple[str, str]]:
    """Cut a raw text at its footnote figures and emphasis."""
    end = 0
    for match in _TOKEN.finditer(raw):
        if match.start() > end:
            yield raw[end : match.start()], ""
        if match.group(1):
            yield match.group(1).translate(SUPERSCRIPTS), "note"
        else:
            yield match.group(2), "i"
        end = match.end()
    if end < len(raw):
        yield raw[end:], ""


def to_html(units: list[Unit], notes: dict[str, str]) -> str:
    """A page as a web site would have it: lists, linked notes, and what is not its text."""
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8"><title>E/RES/2017/21</title>',
        "<style>body { font-family: serif }</style></head><body>",
        '<nav><ul><li><a href="/">Home</a></li><li><a href="/docs">Documents</a></li></ul></nav>',
        "<script>document.write('<p>1. Urges nothing;</p>')</script><main>",
    ]
    open_lists: list[str] = []

    def close(depth: int) -> None:
        while len(open_lists) > depth:
            lines.append(open_lists.pop())

    for unit in units:
        body = _html_runs(unit)
        if unit.kind == "operative":
            close(1)
            if not open_lists:
                lines.append(f'<ol start="{unit.number}">')
                open_lists.append("</li></ol>")
            else:
                lines.append("</li>")
            lines.append(f"<li>{body}")
        elif unit.kind == "subparagraph":
            if len(open_lists) < 2:
                lines.append('<ol type="a">')
                open_lists.append("</ol>")
            lines.append(f"<li><p>{body}</p></li>")
        else:
            close(0)
            tag = {"title": "h1", "heading": "h2"}.get(unit.kind, "p")
            lines.append(f"<{tag}>{body}</{tag}>")
    close(0)
    lines.append('</main><section role="doc-endnotes"><hr>')
    for mark, text in notes.items():
        back = f'<a href="#ref{mark}">{mark}</a>'
        lines.append(f'<p id="fn{mark}"><sup>{back}</sup> {html.escape(text)}</p>')
    lines.append("</section><footer>© United Nations | Terms of use</footer></body></html>")
    return "\n".join(lines) + "\n"


def _html_runs(unit: Unit) -> str:
    pieces = []
    cited = set()
    for text, style in unit.runs:
        if style == "note":
            anchor = "" if text in cited else f' id="ref{text}"'
            cited.add(text)
            pieces.append(f'<sup><a{anchor} href="#fn{text}">{text}</a></sup>')
        elif style == "i":
            pieces.append(f"<em>{html.escape(text)}</em>")
        else:
            pieces.append(html.escape(text))
    return "".join(pieces)


def to_markdown(units: list[Unit], notes: dict[str, str]) -> str:
    """Markdown as a converter writes it, the notes at the end."""
    lines = []
    for unit in units:
        body = "".join(
            {"note": f"[^{text}]", "i": f"_{text}_"}.get(style, text) for text, style in unit.runs
        )
        if unit.kind in ("title", "heading"):
            body = f"{'#' if unit.kind == 'title' else '##'} {body}"
        elif unit.kind == "operative":
            body = f"{unit.number}. {body}"
        elif unit.kind == "subparagraph":
            body = f"{unit.number.partition(' ')[2]} {body}"
        lines.append(body)
    lines += [f"[^{mark}]: {text}" for mark, text in notes.items()]
    return "\n\n".join(lines) + "\n"


def to_pdf(source: Path, folder: Path, *, options: str = "") -> None:
    """Let LibreOffice print a document to PDF."""
    with tempfile.TemporaryDirectory() as profile:
        command = [
            "soffice", "--headless", f"-env:UserInstallation=file://{profile}", "--convert-to",
            f"pdf:writer_pdf_Export{options}", "--outdir", str(folder), str(source),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        sys.exit(f"soffice could not print {source}: {done.stderr}")


if __name__ == "__main__":
    main()
