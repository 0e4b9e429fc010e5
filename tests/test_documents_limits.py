"""Every file is read or refused within its limits; none is lost without a word."""

from __future__ import annotations

import io
import random
import time
import zipfile
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wsis_sdg.documents import Document, Limits, read_document, source
from wsis_sdg.documents.pdf_document import extract
from wsis_sdg.errors import DocumentError

DATA = Path(__file__).parent / "data"
FILES = {
    "text": ("E-RES-2017-21.txt", "general-assembly-style.txt", "report-without-numbers.md"),
    "html": ("E-RES-2017-21.html",),
    "docx": ("E-RES-2017-21.docx",),
    "pdf": ("two-columns.pdf", "landscape.pdf", "encrypted.pdf", "image-only.pdf"),
}
PARTS = ("document", "numbering", "styles", "footnotes", "_rels/document.xml.rels")
SPLINTERS = (
    b"<", b">", b"&", b"\0", b"-1", b"99999999999", b"</li>", b"<ol start=-5>", b"<table>", b'"',
    b"\xff\xfe", b"<sup>1</sup>", b"<a href='#x'>1</a>", b"endobj", b"/Length 9", b"\xc2\xb9",
)  # fmt: skip

TAGS = (
    "<p>", "</p>", "<li>", "</li>", "<ol>", "<ol", "type=a>", "</ol>", "<ul>", "</ul>",
    "<sup>1</sup>", "<br>", "<h2>", "</h2>", "<table>", "</table>", "<div", "id=x>",
    "</div>", "<a", "href=#x>1</a>", "<pre>", "</pre>", "word", "1.", "(a)", "¹",
)  # fmt: skip


def test_a_file_beyond_the_bytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long name 'with' \"quotes\"\nand lines.txt"
    path.write_text("word " * 100)
    assert read_document(path).name == path.name
    with pytest.raises(DocumentError, match="larger than the limit of 100 bytes"):
        read_document(path, limits=Limits(file_bytes=100))
    with pytest.raises(DocumentError, match="larger than the limit of 100 bytes"):
        read_document(io.BytesIO(b"word " * 100), limits=Limits(file_bytes=100))


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device")
def test_a_device_without_end_is_refused() -> None:
    with pytest.raises(DocumentError, match="larger than the limit"):
        read_document("/dev/zero", limits=Limits(file_bytes=10_000))


def test_a_file_that_grows_while_it_is_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "growing.txt"
    path.write_text("Urges all States.")
    real = source._read

    def read_slowly(stream: BinaryIO, size: int, *, name: str) -> bytes:
        with path.open("ab") as other:
            other.write(b" More and more." * 100)
        return real(stream, size, name=name)

    monkeypatch.setattr(source, "_read", read_slowly)
    with pytest.raises(DocumentError, match=r"growing\.txt changed while it was read; try again"):
        read_document(path)


def test_folders_and_odd_paths_are_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="is a folder; pass the files in it"):
        read_document(tmp_path)
    with pytest.raises(DocumentError, match="is no path"):
        read_document("nul\0byte.txt")
    with pytest.raises(DocumentError, match="cannot be read"):
        read_document("x" * 5_000)


def test_links_in_a_circle_are_named(tmp_path: Path) -> None:
    one, two = tmp_path / "one.txt", tmp_path / "two.txt"
    one.symlink_to(two)
    two.symlink_to(one)
    with pytest.raises(DocumentError, match=r"one\.txt cannot be read"):
        read_document(one)


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(DocumentError, match="no document format 'odt'; choose one of text"):
        read_document(io.BytesIO(b"x"), format="odt")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("letters.txt", b"1. x:\n\n" + b"(a) b\n\n" * 300_000),
        ("lines.txt", b"a\n\n" * 1_000_000),
        ("page.html", b"<html>" + b"<p>Some text.</p>" * 300_000),
    ],
)
def test_reading_ends_when_the_time_is_over(name: str, data: bytes) -> None:
    began = time.monotonic()
    with pytest.raises(DocumentError, match=rf"{name} takes longer to read than the limit of 0.5"):
        read_document(io.BytesIO(data), name=name, limits=Limits(seconds=0.5))
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("unit", [" *a", " _a", "[", "[a](", "<sup>", "<b", ".", "¹", "a-"])
def test_no_markup_makes_a_long_line_slow(unit: str) -> None:
    began = time.monotonic()
    data = ("x " + unit * (200_000 // len(unit))).encode()
    read_document(io.BytesIO(data), name="line.txt", limits=Limits(seconds=60))
    assert time.monotonic() - began < 30


def read(data: bytes, form: str) -> Document | None:
    """Read as ``read_document`` does, PDF in this process; ``None`` where it is refused."""
    try:
        if form == "pdf":
            extract(data, name="any.pdf", pages=50)
            return None
        return read_document(io.BytesIO(data), name="any", format=form)  # type: ignore[arg-type]
    except DocumentError as error:
        assert error.problem
        assert error.remedy
        return None


def check(document: Document | None) -> None:
    """Paragraphs are in order and point into the source."""
    end = 0
    for index, paragraph in enumerate(document.paragraphs if document else ()):
        assert paragraph.index == index
        assert paragraph.text
        assert end <= paragraph.start < paragraph.end <= len(document.source if document else "")
        end = paragraph.end


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Bytes replaced, removed, doubled, cut off or put in."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 3, 10, 60))):
        place = rng.randrange(len(changed) + 1)
        what = rng.randrange(5)
        if what == 0:
            changed[place : place + 1] = bytes([rng.randrange(256)])
        elif what == 1:
            del changed[place : place + rng.randrange(1, 50)]
        elif what == 2:
            source = rng.randrange(len(changed) + 1)
            changed[place:place] = changed[source : source + rng.randrange(1, 200)]
        elif what == 3:
            changed[place:place] = rng.choice(SPLINTERS)
        elif rng.random() < 0.1:
            del changed[place:]
    return bytes(changed)


def mutated_file(form: str, rng: random.Random) -> bytes:
    """A valid file with a few changes; of DOCX mostly inside one of its parts."""
    data = (DATA / rng.choice(FILES[form])).read_bytes()
    if form != "docx" or rng.random() < 0.2:
        return mutated(data, rng)
    part = f"word/{rng.choice(PARTS)}"
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as changed:
        for name in source.namelist():
            content = source.read(name)
            is_it = name.removesuffix(".xml") == part or name == part
            changed.writestr(name, _mutated_xml(content, rng) if is_it else content)
    return target.getvalue()


def _mutated_xml(content: bytes, rng: random.Random) -> bytes:
    """Most of the time still well-formed: attribute values changed, not tags."""
    if rng.random() < 0.3:
        return mutated(content, rng)
    pieces = content.split(b'"')
    for _ in range(5):
        place = rng.randrange(len(pieces))
        if place % 2:
            pieces[place] = rng.choice((b"-1", b"99999999", b"", b"90", b"0", b"bullet", b"1"))
    return b'"'.join(pieces)


@pytest.mark.parametrize("form", FILES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.binary(max_size=400))
def test_any_bytes_give_a_document_or_an_error(form: str, data: bytes) -> None:
    check(read(data, form))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(TAGS),
        max_size=30,
    )
)
def test_any_tags_give_a_document_or_an_error(tags: list[str]) -> None:
    check(read(("<html>" + " ".join(tags)).encode(), "html"))


@pytest.mark.parametrize("form", FILES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_any_change_of_a_valid_file_gives_a_document_or_an_error(form: str, seed: int) -> None:
    check(read(mutated_file(form, random.Random(seed)), form))


@pytest.mark.slow
@pytest.mark.parametrize("form", FILES)
def test_many_changes_within_ten_seconds(form: str) -> None:
    rng = random.Random(2017_21)
    end = time.monotonic() + 10 / len(FILES)
    count = 0
    while time.monotonic() < end:
        check(read(mutated_file(form, rng), form))
        count += 1
    assert count > 10
