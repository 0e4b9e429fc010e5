"""A file's bytes, whole and within the limit."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from wsis_sdg.documents.limits import Limits
from wsis_sdg.errors import DocumentError


def read_bytes(source: Path | BinaryIO, *, name: str, limits: Limits) -> bytes:
    """Read a file or a stream to its end.

    Raises:
        DocumentError: When it cannot be read, is larger than the limit, or changes meanwhile.
    """
    if isinstance(source, Path):
        with open_file(source) as stream:
            return _read_file(stream, name=name, limits=limits)
    return _read_stream(source, name=name, limits=limits)


def open_file(path: Path) -> BinaryIO:
    """Open a file for reading its bytes.

    Raises:
        DocumentError: When there is none, or it may not be read.
    """
    try:
        if path.is_dir():
            raise DocumentError(f"{path} is a folder", "pass the files in it")
        return path.open("rb")
    except FileNotFoundError as error:
        raise DocumentError(f"{path} does not exist", "check the path") from error
    except ValueError as error:
        raise DocumentError(f"{str(path)!r} is no path ({error})", "check the path") from error
    except OSError as error:
        raise DocumentError(
            f"{path} cannot be read ({error.strerror})", "check that it is a file you may read"
        ) from error


def check_unchanged(before: os.stat_result, stream: BinaryIO, *, name: str) -> None:
    """Compare a file's size and time with what they were when reading began.

    Raises:
        DocumentError: When another program wrote to it meanwhile.
    """
    after = os.fstat(stream.fileno())
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise DocumentError(
            f"{name} changed while it was read", "try again when it is written to its end"
        )


def _read_file(stream: BinaryIO, *, name: str, limits: Limits) -> bytes:
    before = os.fstat(stream.fileno())
    if not stat.S_ISREG(before.st_mode):
        return _read_stream(stream, name=name, limits=limits)
    if before.st_size > limits.file_bytes:
        raise _too_large(name, limits)
    # One byte more than the size: a file that grows is not read on for ever.
    data = _read(stream, before.st_size + 1, name=name)
    check_unchanged(before, stream, name=name)
    return data


def _read_stream(stream: BinaryIO, *, name: str, limits: Limits) -> bytes:
    data = _read(stream, limits.file_bytes + 1, name=name)
    if len(data) > limits.file_bytes:
        raise _too_large(name, limits)
    return data


def _read(stream: BinaryIO, size: int, *, name: str) -> bytes:
    chunks: list[bytes] = []
    try:
        # A pipe gives what it has, not what was asked for.
        while size > 0 and (chunk := stream.read(min(size, 2**20))):
            chunks.append(chunk)
            size -= len(chunk)
    except OSError as error:
        raise DocumentError(
            f"{name} cannot be read ({error.strerror})", "check the disk or the pipe it comes from"
        ) from error
    return b"".join(chunks)


def _too_large(name: str, limits: Limits) -> DocumentError:
    return DocumentError(
        f"{name} is larger than the limit of {limits.file_bytes:,} bytes",
        "split the file or raise the limit on bytes",
    )
