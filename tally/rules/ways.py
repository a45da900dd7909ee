"""Which copy of every protocol counts: what a sum is under each way to choose among differing copies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from operator import and_
from typing import Any

from tally.totals import ContestTotals
from tally.versions import Cell, Protocol


class Ways:
    """The three ways to choose a copy of every protocol, prepared once for a contest."""

    def __init__(self, totals: ContestTotals, seals: Sequence[bool], looked: Sequence[bool]) -> None:
        """Per protocol: whether a copy is signed and sealed, and whether anybody looked for that."""
        self._totals = totals
        self._seals = seals
        self._looked = looked

    @classmethod
    def of(cls, totals: ContestTotals) -> Ways:
        """The ways of a whole contest."""
        looked = [protocol.has_marks for protocol in totals.protocols]
        rows = zip(totals.protocols, looked, strict=True)
        return cls(totals, [marked and p.signed_and_sealed for p, marked in rows], looked)

    def among(self, part: ContestTotals) -> Ways:
        """The same for a part of the contest."""
        seals, looked = ([flags[row] for row in part.places] for flags in (self._seals, self._looked))
        return Ways(part, seals, looked)

    @cached_property
    def _single(self) -> Sequence[bool]:
        """Whether a protocol counts and has one version."""
        rows = zip(self._totals.protocols, self._totals.counts, strict=True)
        return [counts and len(protocol.versions) == 1 for protocol, counts in rows]

    @cached_property
    def _single_sealed(self) -> Sequence[bool]:
        """Whether such a protocol is signed and sealed."""
        return list(map(and_, self._single, self._seals))

    @cached_property
    def _several(self) -> Sequence[Protocol]:
        """Protocols that count and have several versions."""
        rows = zip(self._totals.protocols, self._totals.counts, strict=True)
        return [protocol for protocol, counts in rows if counts and len(protocol.versions) > 1]

    @cached_property
    def _left_out(self) -> tuple[int, int]:
        """How many protocols count and are not known to be sealed, and on how many of them nobody looked."""
        rows = zip(self._totals.counts, self._seals, self._looked, strict=True)
        looked = [looked for counts, sealed, looked in rows if counts and not sealed]
        return len(looked), looked.count(False)

    def sums(self, subject: str, official: int, repeated: int = 0) -> dict[str, Any]:
        """Lower end of the sum, and whether it still exceeds ``official``, under each way to choose a copy.

        ``least_favourable``: the copy that says least; ``earliest``: the copy received first;
        ``signed_and_sealed``: only copies on which a stamp and a signature were found; ``left_out`` protocols
        have none, of which for ``marks_unknown`` nobody looked (typed rows). ``repeated`` votes may be counted
        twice and are taken once.
        """
        code, matrix = self._totals.positions.code_of(subject), self._totals.matrix
        single = matrix.total(code, self._single)
        sums = {"least_favourable": single, "earliest": single}
        sums["signed_and_sealed"] = matrix.total(code, self._single_sealed)
        for protocol in self._several:
            lows = [_low(version.cells, code) for version in protocol.versions]
            marked = [low for low, v in zip(lows, protocol.versions, strict=True) if v.signed_and_sealed]
            sums["least_favourable"] += min(lows)
            sums["earliest"] += lows[protocol.first]
            sums["signed_and_sealed"] += min(marked, default=0)
        taken = {name: max(0, value - repeated) for name, value in sums.items()}
        out: dict[str, Any] = {n: {"protocols": v, "exceeds": v > official} for n, v in taken.items()}
        left_out, unmarked = self._left_out
        out["signed_and_sealed"] |= {"left_out": left_out, "marks_unknown": unmarked}
        return out


def _low(cells: Mapping[str, Cell], code: str) -> int:
    cell = cells.get(code)
    return 0 if cell is None else cell.span.low
