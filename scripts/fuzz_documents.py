"""Feed the readers changed files, guided by what their code does with them, for a bounded time.

Needs the extra ``fuzz`` (atheris). Example, two minutes on HTML:

    python scripts/fuzz_documents.py html -max_total_time=120

Any exception but DocumentError ends the run and leaves the file beside, named crash-….
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["wsis_sdg"]):
    from wsis_sdg.documents import Limits, read_document, read_table
    from wsis_sdg.documents.pdf_document import extract
    from wsis_sdg.errors import DocumentError

DATA = Path(__file__).parent.parent / "tests" / "data"
LIMITS = Limits(file_bytes=2**20, seconds=10)
DEFAULT_SECONDS = 60


def read_pdf(data: bytes) -> None:
    """Read in this process, so that the fuzzer sees what happens."""
    extract(data, name="fuzz.pdf", pages=20)


def reader(form: str) -> Callable[[bytes], None]:
    """The reader of a document's or a table's format."""

    def read(data: bytes) -> None:
        read_document(io.BytesIO(data), name="fuzz", format=form, limits=LIMITS)  # type: ignore[arg-type]

    return read


def table_reader(form: str) -> Callable[[bytes], None]:
    """The reader of a table's format; bad rows are expected."""

    def read(data: bytes) -> None:
        errors: list[DocumentError] = []
        for paragraph in read_table(io.BytesIO(data), format=form, report=errors.append):  # type: ignore[arg-type]
            paragraph.text.encode("utf-8")

    return read


READERS: dict[str, Callable[[bytes], None]] = {
    "text": reader("text"),
    "html": reader("html"),
    "docx": reader("docx"),
    "pdf": read_pdf,
    "csv": table_reader("csv"),
    "jsonl": table_reader("jsonl"),
    "parquet": table_reader("parquet"),
}

SEEDS = {"csv": b'id;text\n1;"One, two"\n', "jsonl": b'{"id": 1, "text": "One"}\n'}


def main() -> None:
    """Fuzz the reader named on the command line; further arguments are libFuzzer's."""
    if len(sys.argv) < 2 or sys.argv[1] not in READERS:
        sys.exit(f"usage: fuzz_documents.py {{{','.join(READERS)}}} [-max_total_time=SECONDS …]")
    form = sys.argv[1]
    read = READERS[form]

    def once(data: bytes) -> None:
        try:
            read(data)
        except DocumentError as error:
            assert error.remedy  # noqa: S101

    with tempfile.TemporaryDirectory() as folder:
        for path in DATA.glob(f"*.{'txt' if form == 'text' else form}"):
            (Path(folder) / path.name).write_bytes(path.read_bytes())
        bounds = [f"-max_total_time={DEFAULT_SECONDS}", "-max_len=200000", "-timeout=30"]
        if form in SEEDS:
            (Path(folder) / "seed").write_bytes(SEEDS[form])
        # libFuzzer takes the last of two values for one option.
        atheris.Setup([sys.argv[0], *bounds, *sys.argv[2:], folder], once)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
