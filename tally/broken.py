"""Relations of the form that sheets break, found in all sheets at once and told of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tally.checks import run_checks
from tally.form import Check, Form
from tally.matrix import Matrix
from tally.model import CheckResult, Outcome
from tally.relations import suspects
from tally.versions import Protocol, Version


@dataclass(frozen=True, slots=True)
class Broken:
    """A relation of the form that one version of a protocol breaks, whatever its open cells hold."""

    protocol: Protocol
    version: Version
    check: CheckResult
    confirmed: bool
    """True if a person typed every cell in it."""
    settled: bool
    """True if every cell in it is sure without the help of an equality; else it may be our misreading."""


def broken_checks(form: Form, protocols: Sequence[Protocol], matrix: Matrix) -> Iterator[Broken]:
    """Every broken relation of every version, protocol by protocol; ``matrix`` holds a row for each protocol."""
    for protocol, version, checks in _suspected(form, protocols, matrix):
        spans = {code: cell.span for code, cell in version.cells.items() if not cell.optional}
        for check in run_checks(form, spans, checks=checks):
            if check.outcome is Outcome.BROKEN:
                cells = [version.cells[code] for code in check.fields if code in version.cells]
                confirmed = bool(cells) and all(cell.confirmed for cell in cells)
                settled = confirmed or all(cell.settled for cell in cells)
                yield Broken(protocol, version, check, confirmed, settled)


def _suspected(
    form: Form, protocols: Sequence[Protocol], matrix: Matrix
) -> list[tuple[Protocol, Version, tuple[Check, ...]]]:
    """Versions that may break checks, in order. Nearly every protocol is its only version, cell by cell."""
    apart = [row for row, p in enumerate(protocols) if p.cells is not p.main.cells]
    found = {(row, 0): checks for row, checks in suspects(form, matrix)}
    for row in apart:
        found.pop((row, 0), None)
    versions = [(row, which) for row in apart for which in range(len(protocols[row].versions))]
    cells = Matrix(protocols[row].versions[which].cells for row, which in versions)
    found |= {versions[place]: checks for place, checks in suspects(form, cells)}
    return [(protocols[row], protocols[row].versions[i], found[row, i]) for row, i in sorted(found)]
