"""Records as Parquet: one row a paragraph, tags and citations as lists of structures."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any, Final

from wsis_sdg.records import TAG_FIELDS, About, Record

GROUP: Final = 4_096
"""Records a row group; this many are held at a time."""


def write_parquet(records: Iterable[Record], path: Path, about: About) -> None:
    """Write records as a Parquet file, row group by row group; ``about`` is its metadata."""
    import pyarrow
    from pyarrow import parquet

    schema = _schema().with_metadata(dict(about.facts))
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        rows = iter(records)
        while group := list(islice(rows, GROUP)):
            writer.write_table(pyarrow.Table.from_pylist(group, schema=schema))


def _schema() -> Any:
    import pyarrow as pa

    tag = pa.struct([("code", pa.string()), ("score", pa.float64()), ("title", pa.string())])
    citation = pa.struct(
        [
            ("kind", pa.string()),
            ("code", pa.string()),
            ("text", pa.string()),
            ("start", pa.int32()),
            ("end", pa.int32()),
        ]
    )
    return pa.schema(
        [
            ("document", pa.string()),
            ("index", pa.int64()),
            ("number", pa.string()),
            ("kind", pa.string()),
            ("heading", pa.string()),
            ("text", pa.string()),
            *((field, pa.list_(tag)) for field in TAG_FIELDS),
            ("citations", pa.list_(citation)),
        ]
    )
