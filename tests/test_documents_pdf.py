"""PDF: columns, turned pages, what is passed over, and files that must be refused."""

from __future__ import annotations

import io
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from wsis_sdg.documents import Document, Limits, read_document
from wsis_sdg.errors import DocumentError

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def report() -> Document:
    return read_document(DATA / "two-columns.pdf")


def make_pdf(pages: list[str], *, resources: str = "", objects: tuple[str, ...] = ()) -> bytes:
    """A PDF file with a page for each content stream, Times as F1, F2 (bold) and F3 (ligatures)."""
    fonts = (
        "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >> "
        "/F2 << /Type /Font /Subtype /Type1 /BaseFont /Times-Bold >> "
        "/F3 << /Type /Font /Subtype /Type1 /BaseFont /Times-Roman "
        "/Encoding << /Differences [1 /fi /fl] >> >> >>"
    )
    first = 3 + len(objects)
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(pages)))
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        *objects,
    ]
    for place, content in enumerate(pages):
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents "
            f"{first + 2 * place + 1} 0 R /Resources << {fonts} {resources} >> >>"
        )
        bodies.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    data = "%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    data += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}"
    data += f"trailer << /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n0\n%%EOF"
    return data.encode("latin-1")


def show(x: float, y: float, text: str, *, size: float = 10, font: str = "F1") -> str:
    return f"BT /{font} {size} Tf {x} {y} Td ({text}) Tj ET\n"


def read(data: bytes, limits: Limits | None = None) -> Document:
    return read_document(io.BytesIO(data), name="file.pdf", limits=limits or Limits())


def texts(document: Document) -> list[str]:
    return [p.text for p in document.paragraphs]


def test_columns_are_read_one_after_the_other(report: Document) -> None:
    assert [p.text for p in report.paragraphs if p.kind == "heading"] == [
        "Report on the plateau masts",
        "Masts on the plateau",
        "What the clinics did",
        "Prices and licences",
    ]
    bodies = [p for p in report.paragraphs if p.kind == "body"]
    assert [p.heading for p in bodies] == [
        "Report on the plateau masts",
        *["Masts on the plateau"] * 2,
        *["What the clinics did"] * 2,
        *["Prices and licences"] * 3,
    ]
    assert bodies[0].text.startswith("This summary runs across")
    assert bodies[-1].text.startswith("The table above leaves out")
    assert all(p.text.endswith(".") for p in bodies)


def test_words_and_paragraphs_broken_by_columns_are_whole(report: Document) -> None:
    (messages,) = [p for p in report.paragraphs if "4,100" in p.text]
    assert messages.text.endswith(
        "such messages, most within the hour, and the number of journeys by ambulance fell."
    )
    assert [f.text for f in messages.footnotes] == ["Figures of the valley hospital, 2032."]
    assert "-" not in "".join(texts(report))


def test_tables_boxes_and_contents_are_passed_over_with_a_note(report: Document) -> None:
    assert report.notes == (
        "page 1: a box was passed over",
        "page 2: a table was passed over",
        "a table of contents was passed over",
    )
    assert not {"Outages", "Box"} & set(" ".join(texts(report)).split())


def test_a_page_whose_text_runs_upwards_is_turned() -> None:
    document = read_document(DATA / "landscape.pdf")
    assert any(text.startswith("The plateau districts had four masts") for text in texts(document))
    assert document.paragraphs[-1].kind == "body"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("encrypted.pdf", "encrypted.pdf is encrypted; remove the password"),
        ("image-only.pdf", "image-only.pdf holds no text, .*; run OCR first"),
        ("damaged.pdf", "damaged.pdf is damaged .*save it again"),
    ],
)
def test_files_that_cannot_be_read_are_named(name: str, words: str) -> None:
    with pytest.raises(DocumentError, match=words):
        read_document(DATA / name)


def test_too_many_pages_are_refused() -> None:
    with pytest.raises(DocumentError, match="has 2 pages, more than the limit of 1"):
        read_document(DATA / "two-columns.pdf", limits=Limits(pages=1))


def test_heads_feet_and_page_numbers_are_no_text() -> None:
    pages = [
        show(72, 750, "Report of the harbours")
        + show(72, 500, f"Page text number {n} stands here alone.")
        + show(300, 30, str(n))
        for n in (1, 2, 3)
    ]
    assert texts(read(make_pdf(pages))) == [
        f"Page text number {n} stands here alone." for n in (1, 2, 3)
    ]


def test_footnotes_by_size_and_place_with_an_asterisk_and_a_rest_on_the_next_page() -> None:
    body = "The harbours were asked to name an officer for each of the warnings"
    first = (
        show(72, 600, "The harbours of the gulf*", font="F2")
        + show(72, 570, f"{body},")
        + show(72 + 290, 574, "1", size=6)
        + show(72, 558, "and each of them did so before the storms of the autumn came.")
        + show(72, 100, "* Adopted without a vote.", size=8)
        + show(72, 90, "1", size=8)
        + show(80, 90, "Letter of the harbour master to the", size=8)
    )
    second = show(72, 600, "The second page goes on.") + show(
        72, 90, "council of the gulf.", size=8
    )
    document = read(make_pdf([first, second]))
    assert [(f.mark, f.text) for f in document.footnotes] == [
        ("*", "Adopted without a vote."),
        ("1", "Letter of the harbour master to the council of the gulf."),
    ]
    heading, paragraph, _ = document.paragraphs
    assert (heading.kind, heading.text) == ("heading", "The harbours of the gulf")
    assert [f.mark for f in paragraph.footnotes] == ["1"]
    assert paragraph.text.startswith(f"{body}, and each")


def test_ligatures_become_their_letters() -> None:
    line = show(72, 600, "The \\001bre of the \\002eet is speci\\001c.", font="F3")
    document = read(make_pdf([line]))
    assert texts(document) == ["The fibre of the fleet is specific."]


def test_an_unruled_table_is_passed_over() -> None:
    rows = "".join(
        show(72, 500 - 12 * n, f"District {n}") + show(300, 500 - 12 * n, str(7 * n))
        for n in range(6)
    )
    document = read(make_pdf([show(72, 600, "Before the table stands this line.") + rows]))
    assert texts(document) == ["Before the table stands this line."]
    assert document.notes == ("page 1: a table was passed over",)


def test_text_at_an_angle_is_passed_over() -> None:
    askew = "BT /F1 40 Tf 0.7 0.7 -0.7 0.7 100 300 Tm (DRAFT) Tj ET\n"
    document = read(make_pdf([show(72, 600, "The text stands upright.") + askew]))
    assert texts(document) == ["The text stands upright."]
    assert document.notes == ("text set at an angle was passed over",)


def test_a_scanned_page_among_others_is_noted() -> None:
    document = read(make_pdf([show(72, 600, "The text stands here."), ""]))
    assert document.notes == ("no text on page 2: empty or a scan",)


def test_a_file_that_keeps_the_library_busy_is_broken_off() -> None:
    # Forms that draw forms that draw forms: few bytes, work without end.
    forms = [f"/Resources << /XObject << /X {n + 4} 0 R >> >>" for n in range(20)] + [""]
    objects = tuple(
        f"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] {inner} /Length 60 >>\n"
        f"stream\n{'/X Do ' * 10}\nendstream"
        for inner in forms
    )
    data = make_pdf(["/X Do"], resources="/XObject << /X 3 0 R >>", objects=objects)
    began = time.monotonic()
    with pytest.raises(DocumentError, match="longer to read than the limit of 1 seconds"):
        read(data, Limits(seconds=1))
    assert time.monotonic() - began < 10


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no bound on a process's memory")
def test_a_stream_that_unpacks_beyond_the_memory_is_refused() -> None:
    packed = zlib.compress(b" " * 300_000_000, 1).decode("latin-1")
    data = make_pdf([packed]).replace(b"<< /Length", b"<< /Filter /FlateDecode /Length")
    with pytest.raises(DocumentError, match=r"file\.pdf made the PDF reader fail"):
        read(data, Limits(memory_bytes=300 * 2**20))


@pytest.mark.parametrize("torn", [lambda d: d[: len(d) // 2], lambda d: d.replace(b"obj", b"x")])
def test_torn_files_are_errors(torn: Callable[[bytes], bytes]) -> None:
    with pytest.raises(DocumentError, match=r"file\.pdf"):
        read(torn((DATA / "two-columns.pdf").read_bytes()))
