"""What a case knows now: a fold over its ledger. Nothing is computed here and nothing is forgotten.

Later readings stand beside earlier ones; which of them counts is decided in tally.sheets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from tally.case import Case
from tally.ledger import Event
from tally.model import Mark, PageReading, Reading
from tally.review.answers import apply as review_step
from tally.review.settle import Row, rows
from tally.state_model import RANK, CaseState, Listed, Photo, Typed
from tally.undisturbed import undisturbed

__all__ = ["RANK", "CaseState", "Listed", "Photo", "Typed", "extend", "fold", "state"]

T = TypeVar("T")


def state(case: Case) -> CaseState:
    """Fold the whole ledger of an open case."""
    return fold(case.election().id, case.districts, case.ledger.events())


@undisturbed
def fold(election: str, districts: tuple[int, ...], events: Iterable[Event]) -> CaseState:
    """Fold any run of events, oldest first. Kinds that are not known here are left to others."""
    out = CaseState(election, districts)
    extend(out, events)
    return out


def extend(out: CaseState, events: Iterable[Event]) -> None:
    """Take further events into account: the same as folding all of them anew."""
    steps = {
        "received": _received,
        "quarantined": _quarantined,
        "chat_received": _chat,
        "read": _read,
        "typed": _typed,
        "official_added": _official,
        "imported": _imported,
        "register_added": _register,
    }
    for event in events:
        step = steps.get(event.kind)
        if step is not None:
            step(out, event)
        review_step(out.review, event)
    reviewed = [_reviewed(row) for row in rows(out.review)]
    out.typed = sorted([*out.imported_rows, *reviewed], key=lambda row: row.seq)


def _received(out: CaseState, event: Event) -> None:
    body, look = event.body, event.body.get("look", {})
    known = out.photos.get(body["sha256"]) or Photo(body["sha256"], (), body["size"], event.time_utc, 0)
    out.photos[known.sha256] = replace(
        known,
        names=_with(known.names, body["name"]),
        receipts=known.receipts + 1,
        claims=_with(known.claims, body.get("claims")),
        graded=_with(known.graded, body.get("provenance")),
        phash=known.phash or look.get("phash", ""),
        # A later version of the program may be able to decode what an earlier one could not.
        quarantined=None if look.get("format") else known.quarantined,
    )


def _with(known: tuple[T, ...], one: T | None) -> tuple[T, ...]:
    return known if not one or one in known else (*known, one)


def _chat(out: CaseState, event: Event) -> None:
    # The last receipt counts: by then a question may have been answered. Who is who never changes.
    people = out.chats.get(event.body["sha256"], {}).get("people", {})
    out.chats[event.body["sha256"]] = {**event.body, "people": {**people, **event.body["people"]}}


def _quarantined(out: CaseState, event: Event) -> None:
    known = out.photos.get(event.body["sha256"])
    if known is not None:
        out.photos[known.sha256] = replace(known, quarantined=event.body["reason"])


def _read(out: CaseState, event: Event) -> None:
    page = PageReading.from_dict(event.body["reading"])
    by_pipeline = out.readings.setdefault(page.sha256, {})
    # Taken out and put back, so that the last key is the pipeline that read last.
    pages = by_pipeline.pop(event.body["pipeline"], {})
    pages[page.page] = page
    by_pipeline[event.body["pipeline"]] = pages


def _typed(out: CaseState, event: Event) -> None:
    body = event.body
    who = f"{body['kind']}:{body['reader']}"
    out.imported_rows.append(
        Typed(
            seq=event.seq,
            reader=body["reader"],
            kind=body["kind"],
            region=body.get("region") or "",
            precinct=body.get("precinct"),
            contest=body["contest"],
            sha256=body.get("sha256"),
            page=body.get("page") or 1,
            fields={code: _cell(value, who) for code, value in body["fields"].items()},
        )
    )


def _reviewed(row: Row) -> Typed:
    kind, content = "adjudicator" if row.adjudicator else "person", row.content
    return Typed(
        seq=row.seq,
        reader=row.reader,
        kind=kind,
        region=content.region,
        precinct=content.precinct,
        contest=content.contest,
        sha256=row.place[0],
        page=row.place[1],
        fields={code: _cell(value, f"{kind}:{row.reader}") for code, value in content.values().items()},
        backing=row.backing,
    )


@lru_cache(maxsize=10_000)
def _cell(value: int | str | None, who: str) -> Reading | None:
    if value is None:
        return None
    if isinstance(value, str):
        return Reading(Mark(value), confidence=1.0, reader=who, anchored=True)
    return Reading(Mark.READ, value, confidence=1.0, reader=who, anchored=True, text=str(value))


def _official(out: CaseState, event: Event) -> None:
    out.official.append(event.body)


def _imported(out: CaseState, event: Event) -> None:
    out.imported.append(event.body)


def _register(out: CaseState, event: Event) -> None:
    by_contest: dict[str, list[Listed]] = {}
    for contest, region, precinct, name in event.body["precincts"]:
        by_contest.setdefault(contest, []).append(Listed(precinct, region, name))
    out.register |= {contest: tuple(listed) for contest, listed in by_contest.items()}
