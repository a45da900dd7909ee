"""Copies that differ, and different precincts that look like copies: two classic ways to a wrong sum."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from tally import texts
from tally.findings import Finding, observed
from tally.model import Span
from tally.rules.view import View
from tally.versions import Protocol, differing


def differing_copies(view: View) -> Iterator[Finding]:
    """C1: two photographed copies of one protocol carry different numbers. One finding per protocol.

    Where no difference lies between two cells that are sure by themselves, it is an indicator only.
    """
    for protocol in view.totals.protocols:
        if len(protocol.versions) < 2:
            continue
        values = _values_by_version(view, protocol)
        listed = view.listed({subject: texts.Each(seen) for subject, seen in values.items()}, ": ")
        text = texts.say(
            "C1",
            precinct=view.precinct(protocol),
            count=len(protocol.versions),
            values=listed,
        )
        confirmed = all(
            cell.confirmed
            for version in protocol.versions
            for cell in version.cells.values()
            if not cell.optional
        )
        settled = _settled(protocol)
        if not settled:
            text = texts.joined(text, texts.say("copies-open"))
        yield observed(
            "C1",
            "copies",
            view.id,
            f"precinct {protocol.key.precinct}",
            text if confirmed else texts.joined(text, texts.say("sheet-as-read")),
            tuple(source for version in protocol.versions for source in version.sources),
            {
                "region": protocol.key.region,
                "precinct": protocol.key.precinct,
                "values": {
                    subject: ["?" if one is None else texts.written(one, "en") for one in seen]
                    for subject, seen in values.items()
                },
                "versions": [list(version.sources) for version in protocol.versions],
            },
            verdict="copies" if settled else "indicator",
            confirmed=confirmed,
        )


def look_alikes(view: View) -> Iterator[Finding]:
    """C2: precincts with different numbers whose candidates have exactly the same votes."""
    for group in view.look_alikes:
        cells = group[0].cells
        lines = view.compared(cells)
        vector = {view.totals.positions.subject(c): cells[c].span.low for c in lines if c in cells}
        numbers = [str(protocol.key.precinct) for protocol in group]
        confirmed = all(protocol.cells[c].confirmed for protocol in group for c in lines)
        names = [view.precinct(protocol) for protocol in group]
        text = texts.say(
            "C2",
            precincts={language: ", ".join(name[language] for name in names) for language in texts.LANGUAGES},
            values=view.listed(dict(vector)),
        )
        yield observed(
            "C2",
            "copies",
            view.id,
            f"precincts {', '.join(numbers)}",
            text if confirmed else texts.joined(text, texts.say("sheet-as-read")),
            tuple(dict.fromkeys(source for protocol in group for source in protocol.main.sources)),
            {
                "precincts": [{"region": p.key.region, "precinct": p.key.precinct} for p in group],
                "votes": vector,
            },
            verdict="copies",
            confirmed=confirmed,
        )


def _settled(protocol: Protocol) -> bool:
    """True if some two versions differ in a cell of which both are sure without the help of an equality."""
    return any(
        one.cells[code].settled and other.cells[code].settled
        for one, other in combinations(protocol.versions, 2)
        for code in differing(one, other)
    )


def _values_by_version(view: View, protocol: Protocol) -> dict[str, tuple[Span | None, ...]]:
    """Subject -> what each version says, for fields on which the first and any other version differ."""
    first = protocol.main
    codes = dict.fromkeys(code for other in protocol.versions[1:] for code in differing(first, other))
    return {
        view.totals.positions.subject(code): tuple(
            version.cells[code].span if code in version.cells else None for version in protocol.versions
        )
        for code in codes
    }
