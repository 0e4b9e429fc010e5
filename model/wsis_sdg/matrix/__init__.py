"""The WSIS-SDG Matrix from text: build it, compare it, export it.

>>> from wsis_sdg import matrix, read_document, Tagger           # doctest: +SKIP
>>> m = matrix.build(Tagger.load().tag(read_document("E-RES-2017-21.txt")))  # doctest: +SKIP
>>> m.to_frame()                      # one row a cell           # doctest: +SKIP
>>> matrix.compare(m)["goal"].scopes["without C3"].average_precision  # doctest: +SKIP
"""

from wsis_sdg.matrix.change import CellChange, changed_cells
from wsis_sdg.matrix.comparison import Comparison, compare
from wsis_sdg.matrix.evidence import Evidence, Passage, evidence_of_records
from wsis_sdg.matrix.table import Matrix, build, build_matrix

__all__ = [
    "CellChange",
    "Comparison",
    "Evidence",
    "Matrix",
    "Passage",
    "build",
    "build_matrix",
    "changed_cells",
    "compare",
    "evidence_of_records",
]
