"""Pictures that explain without words: plain data in, SVG or PNG bytes out, the same bytes every time.

Black, white and hatches only, so that a fax and a photocopy still tell the parts apart.
"""

from __future__ import annotations

from cli.pictures.bars import Bar, bars
from cli.pictures.canvas import Picture
from cli.pictures.coverage import Square, coverage
from cli.pictures.gamma import GammaCurve, gamma_curve
from cli.pictures.grid import GridRow, grid_residuals
from cli.pictures.scatter import Precinct, turnout_share

__all__ = [
    "Bar",
    "GammaCurve",
    "GridRow",
    "Picture",
    "Precinct",
    "Square",
    "bars",
    "coverage",
    "gamma_curve",
    "grid_residuals",
    "turnout_share",
]
