"""Tables out of the files that commissions publish: CSV, workbooks, PDFs with a text layer, saved pages.

Bytes in, grids of texts out; nothing is rounded, repaired or left out without saying so.
"""

from __future__ import annotations

from tally.tables.grid import Grid
from tally.tables.kinds import grids_of, kind_of

__all__ = ["Grid", "grids_of", "kind_of"]
