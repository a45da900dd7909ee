"""Sheets that stand in two places: one photo under two precincts, one precinct in two districts.

Never more than indicators: as likely as anything a number in the header was misread or mistyped by us.
These rules look at a whole case, not at one contest: what is misplaced lies in another contest than it should.
"""

from __future__ import annotations

from collections.abc import Iterator

from tally import texts
from tally.findings import Finding, observed
from tally.resends import resent
from tally.state import CaseState, Typed
from tally.totals import CaseTotals
from tally.versions import Protocol


def misplaced(found: CaseTotals, known: CaseState) -> tuple[Finding, ...]:
    """C3 and C4 of a case."""
    return (*_typed_apart(known), *_one_shot(found, known), *_two_districts(found))


def _typed_apart(known: CaseState) -> Iterator[Finding]:
    """C3: one page of one photo was typed under different precincts; of each reader the last entry counts."""
    rows: dict[tuple[str, int], dict[str, Typed]] = {}
    for row in known.typed:
        if row.sha256 and row.precinct is not None:
            rows.setdefault((row.sha256, row.page), {})[f"{row.kind}:{row.reader}"] = row
    for (sha256, page), by_reader in rows.items():
        numbers = sorted({row.precinct for row in by_reader.values() if row.precinct is not None})
        if len(numbers) > 1:
            photo = known.photos.get(sha256)
            name = photo.name if photo else sha256[:12]
            listed = ", ".join(map(str, numbers))
            yield observed(
                "C3",
                "copies",
                next(iter(by_reader.values())).contest,
                f"precincts {listed}",
                texts.say("C3", file=name, precincts=listed),
                (sha256,),
                {"page": page, "precincts": numbers},
            )


def _one_shot(found: CaseTotals, known: CaseState) -> Iterator[Finding]:
    """C3: two files that look like one shot lie under different precincts."""
    places: dict[str, set[tuple[str, int]]] = {}
    for protocol in _placed(found):
        for version in protocol.versions:
            for sheet in version.sheets:
                if protocol.key.precinct is not None:
                    places.setdefault(sheet.source, set()).add((protocol.key.contest, protocol.key.precinct))
    hashes = {sha256: photo.phash for sha256, photo in known.photos.items() if sha256 in places}
    for one, other, bits in resent(hashes):
        if places[one] & places[other]:
            continue
        numbers = sorted({number for _, number in places[one] | places[other]})
        if len(numbers) > 1:
            listed = ", ".join(map(str, numbers))
            text = texts.say(
                "C3-shot", file=known.photos[one].name, other=known.photos[other].name, precincts=listed
            )
            contest = min(places[one])[0]
            details = {"precincts": numbers, "bits": bits}
            yield observed("C3", "copies", contest, f"precincts {listed}", text, (one, other), details)


def _two_districts(found: CaseTotals) -> Iterator[Finding]:
    """C4: one precinct number of one region has sheets in several districts of the same ballot."""
    district = {one.contest.id: one.contest.district for one in found.contests}
    places: dict[tuple[str, int], list[Protocol]] = {}
    for protocol in _placed(found):
        key = protocol.key
        if (
            key.precinct is not None
            and key.region
            and district[key.contest] is not None
            and protocol.countable
        ):
            places.setdefault((key.region, key.precinct), []).append(protocol)
    for (region, precinct), protocols in places.items():
        numbers = sorted({number for p in protocols if (number := district[p.key.contest]) is not None})
        if len(numbers) < 2:
            continue
        sources = tuple(dict.fromkeys(s for p in protocols for v in p.versions for s in v.sources))
        text = texts.say("C4", precinct=str(precinct), districts=", ".join(map(str, numbers)))
        details = {"region": region, "precinct": precinct, "districts": numbers}
        yield observed(
            "C4", "copies", protocols[0].key.contest, f"precinct {precinct}", text, sources, details
        )


def _placed(found: CaseTotals) -> Iterator[Protocol]:
    for contest in found.contests:
        yield from contest.protocols
