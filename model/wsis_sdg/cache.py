"""Embeddings kept on disk: what was encoded once, by the same encoder, is not encoded again."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wsis_sdg.encoder import Encoder, Progress
from wsis_sdg.errors import OutputError

Floats = NDArray[np.float32]

MAX_ROWS: Final = 200_000
"""At 384 dimensions some 350 MB; beyond it the oldest tenth is dropped."""
WAIT_SECONDS: Final = 30.0
_QUERY: Final = 500


def cache_folder() -> Path:
    """Where this user's caches live: ``$WSIS_SDG_CACHE``, or the system's cache folder."""
    chosen = os.environ.get("WSIS_SDG_CACHE")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wsis-sdg"


class CachedEncoder:
    """An encoder that encodes each text once and remembers it across runs.

    Several processes may share one cache: SQLite locks it for the moment of a write.

    Args:
        identity: Of the encoder behind it; part of every key.
        engine: The engine's name; engines differ in the last digits, so it is part of the key.
        load: Gives the encoder itself; called at the first text that is not in the cache, so
            that a run over known texts loads no model at all.
        dimension: Length of an embedding.
        file: The SQLite file, or ``None`` to remember nothing beyond this call.
        build: Tells two builds of one engine apart, such as the hash of a compiled encoder.
    """

    def __init__(
        self,
        identity: dict[str, str],
        engine: str,
        load: Callable[[], Encoder],
        *,
        dimension: int,
        file: Path | None,
        build: str = "",
    ) -> None:
        self.identity = identity
        self.engine = engine
        self._load = load
        self._dimension = dimension
        self._file = file
        facts = [engine, build, *(identity[key] for key in sorted(identity))]
        self._salt = "\n".join(facts).encode()

    @cached_property
    def inner(self) -> Encoder:
        """The encoder behind the cache; loaded when first asked for."""
        return self._load()

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Floats:
        """Encode texts into ``(n, d)`` float32 rows of unit length, in the texts' order."""
        keys = [self._key(text) for text in texts]
        known = self._read(list(dict.fromkeys(keys)))
        first = {key: row for row, key in reversed(list(enumerate(keys)))}
        missing = [key for key in first if key not in known]
        if progress is not None:
            progress(len(texts) - len(missing))
        if missing:
            fresh = self.inner.encode([texts[first[key]] for key in missing], progress=progress)
            known.update(zip(missing, fresh, strict=True))
            self._write(dict(zip(missing, fresh, strict=True)))
        rows: Floats = np.zeros((len(texts), self._dimension), np.float32)
        for row, key in enumerate(keys):
            rows[row] = known[key]
        return rows

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(self._salt + b"\0" + text.encode("utf-8", "surrogatepass")).digest()

    @contextmanager
    def _connect(self, file: Path) -> Iterator[sqlite3.Connection]:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(file, timeout=WAIT_SECONDS)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=NORMAL")
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS embeddings "
                    "(key BLOB PRIMARY KEY, row BLOB NOT NULL)"
                )
                yield connection
        except (OSError, sqlite3.Error) as error:
            raise OutputError(
                f"the cache {file} cannot be used ({error})",
                "delete the file, name another folder in WSIS_SDG_CACHE, or pass --no-cache",
            ) from error

    def _read(self, keys: list[bytes]) -> dict[bytes, Floats]:
        if self._file is None or not self._file.exists():
            return {}
        found: dict[bytes, Floats] = {}
        with self._connect(self._file) as connection:
            for begin in range(0, len(keys), _QUERY):
                part = keys[begin : begin + _QUERY]
                marks = ",".join("?" * len(part))
                query = f"SELECT key, row FROM embeddings WHERE key IN ({marks})"  # noqa: S608
                for key, row in connection.execute(query, part):
                    found[key] = np.frombuffer(row, dtype=np.float32)
        return found

    def _write(self, rows: dict[bytes, Floats]) -> None:
        if self._file is None:
            return
        with self._connect(self._file) as connection, connection:
            connection.executemany(
                "INSERT OR IGNORE INTO embeddings VALUES (?, ?)",
                [(key, row.astype(np.float32).tobytes()) for key, row in rows.items()],
            )
            # Rows only ever go in at the end and out at the beginning, so this counts them, and
            # counts them at once.
            (count, oldest) = connection.execute(
                "SELECT MAX(rowid) - MIN(rowid) + 1, MIN(rowid) FROM embeddings"
            ).fetchone()
            if count > MAX_ROWS:
                connection.execute(
                    "DELETE FROM embeddings WHERE rowid < ?",
                    (oldest + count - MAX_ROWS + MAX_ROWS // 10,),
                )
