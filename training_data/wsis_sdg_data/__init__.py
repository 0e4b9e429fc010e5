"""The labelled paragraphs of wsis-sdg and their one reader.

>>> from wsis_sdg_data import read_training_set
>>> len(read_training_set()) > 1000
True
"""

from wsis_sdg_data.reader import (
    DATA_FOLDER,
    RESOLUTION_FILE,
    DataError,
    LabelledParagraph,
    data_sha256,
    read_breadth,
    read_labelled,
    read_training_set,
    read_vocabulary,
)

__all__ = [
    "DATA_FOLDER",
    "RESOLUTION_FILE",
    "DataError",
    "LabelledParagraph",
    "data_sha256",
    "read_breadth",
    "read_labelled",
    "read_training_set",
    "read_vocabulary",
]
