"""Tag paragraphs of UN texts with SDG goals, SDG targets and WSIS action lines.

>>> from wsis_sdg import predict                       # doctest: +SKIP
>>> predict("Urges universal and affordable access to broadband").targets[0].code
'9.c'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wsis_sdg.documents import Document, Paragraph, read_document
    from wsis_sdg.errors import WsisSdgError
    from wsis_sdg.tagger import Tag, Tagger, Tagging, predict
    from wsis_sdg.taxonomy import LABELS, Label

__version__ = "0.1.0"
__all__ = [
    "LABELS",
    "Document",
    "Label",
    "Paragraph",
    "Tag",
    "Tagger",
    "Tagging",
    "WsisSdgError",
    "predict",
    "read_document",
]

_HOME = {
    "LABELS": "taxonomy",
    "Label": "taxonomy",
    "Document": "documents",
    "Paragraph": "documents",
    "read_document": "documents",
    "Tag": "tagger",
    "Tagger": "tagger",
    "Tagging": "tagger",
    "predict": "tagger",
    "WsisSdgError": "errors",
}


def __getattr__(name: str) -> Any:
    # numpy, spaCy and torch take seconds to import: each name is fetched when first used.
    if name not in _HOME:
        raise AttributeError(f"module 'wsis_sdg' has no attribute {name!r}")
    return getattr(import_module(f"wsis_sdg.{_HOME[name]}"), name)
