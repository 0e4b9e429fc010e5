"""PDF to blocks, in a process of its own that can be stopped.

PDFium is a large library in C++ that a crafted file can keep busy for hours, fill with
memory or crash. None of that may reach a run over many files.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any, Final

from wsis_sdg.documents.limits import Limits, timeout_error
from wsis_sdg.documents.records import Block, Reading
from wsis_sdg.errors import DocumentError

_CHILD: Final = "wsis_sdg.documents.pdf_process"


def read_pdf(data: bytes, *, name: str, limits: Limits) -> Reading:
    """Read a PDF file.

    Raises:
        DocumentError: When it is encrypted, damaged, costs too much, or holds no text.
    """
    command = [sys.executable, "-m", _CHILD, name, str(limits.pages), str(limits.memory_bytes)]
    # The child must find this package where this process found it.
    paths = os.pathsep.join(path for path in sys.path if path)
    try:
        done = subprocess.run(  # noqa: S603
            command,
            input=data,
            capture_output=True,
            timeout=limits.seconds,
            check=False,
            env={**os.environ, "PYTHONPATH": paths},
        )
    except subprocess.TimeoutExpired as error:
        raise timeout_error(name, limits.seconds) from error
    if done.returncode:
        detail = done.stderr.decode("utf-8", errors="replace").strip().rpartition("\n")[2]
        raise DocumentError(
            f"{name} made the PDF reader fail ({detail[:200] or f'exit {done.returncode}'})",
            "open it in another program and save it again",
        )
    answer: dict[str, Any] = json.loads(done.stdout)
    if "problem" in answer:
        raise DocumentError(answer["problem"], answer["remedy"])
    blocks = tuple(Block(**{**each, "marks": tuple(each["marks"])}) for each in answer["blocks"])
    return Reading(answer["source"], blocks, tuple(answer["notes"]))
