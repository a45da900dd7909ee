"""Which copy of every protocol counts: what a sum is under each way to choose among differing copies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tally.totals import ContestTotals
from tally.versions import Cell, Protocol


class Ways:
    """The three ways to choose a copy of every protocol, prepared once for a contest."""

    def __init__(self, totals: ContestTotals) -> None:
        self._positions = totals.positions
        self._matrix = totals.matrix
        self._single: list[bool] = []
        self._sealed: list[bool] = []
        self._several: list[Protocol] = []
        self._left_out = self._unmarked = 0
        for protocol in totals.protocols:
            single = protocol.countable and len(protocol.versions) == 1
            sealed = protocol.countable and protocol.signed_and_sealed
            self._single.append(single)
            self._sealed.append(single and sealed)
            if protocol.countable and not single:
                self._several.append(protocol)
            if protocol.countable and not sealed:
                self._left_out += 1
                self._unmarked += not any(version.has_marks for version in protocol.versions)

    def sums(self, subject: str, official: int, repeated: int = 0) -> dict[str, Any]:
        """Lower end of the sum, and whether it still exceeds ``official``, under each way to choose a copy.

        ``least_favourable``: the copy that says least; ``earliest``: the copy received first;
        ``signed_and_sealed``: only copies on which a stamp and a signature were found; ``left_out`` protocols
        have none, of which for ``marks_unknown`` nobody looked (typed rows). ``repeated`` votes may be counted
        twice and are taken once.
        """
        code = self._positions.code_of(subject)
        single = self._matrix.total(code, self._single)
        sums = {"least_favourable": single, "earliest": single}
        sums["signed_and_sealed"] = self._matrix.total(code, self._sealed)
        for protocol in self._several:
            lows = [_low(version.cells, code) for version in protocol.versions]
            marked = [low for low, v in zip(lows, protocol.versions, strict=True) if v.signed_and_sealed]
            sums["least_favourable"] += min(lows)
            sums["earliest"] += lows[protocol.first]
            sums["signed_and_sealed"] += min(marked, default=0)
        taken = {name: max(0, value - repeated) for name, value in sums.items()}
        out: dict[str, Any] = {n: {"protocols": v, "exceeds": v > official} for n, v in taken.items()}
        out["signed_and_sealed"] |= {"left_out": self._left_out, "marks_unknown": self._unmarked}
        return out


def _low(cells: Mapping[str, Cell], code: str) -> int:
    cell = cells.get(code)
    return 0 if cell is None else cell.span.low
