"""Pages to look at: overview, districts, precincts. All numbers come from tally."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.responses import Response

from cli.lang import Lang, pick
from cli.names import first_spelling, subject_name
from cli.review.call import Answer, Call, Page, Shown, gone
from cli.review.drawings import titles
from cli.review.roles import Right, Role
from cli.review.room import Room
from cli.waiting import review_counts, single_entry
from cli.words import word
from tally.compare import compare
from tally.hints import never_read
from tally.official import in_force, snapshots_of
from tally.review.answers import Place
from tally.texts import written
from tally.totals import ContestTotals
from tally.versions import Protocol, Sheet

_LATELY = timedelta(hours=1)


def overview(call: Call) -> Answer:
    """Coverage, what is done and left, how long it takes at the present pace."""
    room, case = call.room, call.room.state()
    known = room.known()
    counts = review_counts(case, room.desk.queue(known.weights))
    sheets = [
        {
            "contest": one.contest.id,
            "name": pick(one.contest.names, call.lang) or one.contest.id,
            "with_protocol": one.with_protocol,
            "total": one.total,
            "sheets": counted["sheets"],
        }
        for one, counted in zip(known.totals.contests, known.contests, strict=True)
    ]
    data = {
        "election": case.election,
        "title": _title(room, call.lang),
        "districts": list(case.districts),
        "photos": len(case.photos),
        "quarantined": sum(photo.quarantined is not None for photo in case.photos.values()),
        "unread": len(never_read(case)),
        "review": counts,
        "pace": _pace(room, counts["stages"]),
        "offered": call.who.may(Right.TYPE) and room.offers(call.who),
        "contests": sheets,
        "findings": len(known.findings),
        "single_entry": single_entry(case),
        "locked": room.accounts.locked,
    }
    return Shown("overview.html", data)


def _title(room: Room, lang: Lang) -> str:
    """The election, and the districts of the case if they are few."""
    known, chosen = room.questions, room.state().districts
    about = pick(known.election.title, lang) or known.election.id
    named = [pick(one.names, lang) or one.id for one in known.contests if one.district in chosen]
    return f"{about}: {', '.join(named)}" if 0 < len(named) < 4 else about


def _pace(room: Room, stages: Mapping[str, int]) -> dict[str, Any]:
    """Entries of the last hour, entries still needed, and minutes that they take at that pace."""
    review = room.state().review
    since = (datetime.now(UTC) - _LATELY).isoformat()
    times = sorted(a.time_utc for answers in review.answers.values() for a in answers if a.time_utc > since)
    left = review.entries * stages["first"] + stages["second"] + stages["conflict"]
    minutes = None
    if len(times) > 1:
        spent = datetime.now(UTC) - datetime.fromisoformat(times[0])
        minutes = math.ceil(left * spent.total_seconds() / 60 / len(times))
    return {"entries_last_hour": len(times), "entries_left": left, "minutes_left": minutes}


def district(call: Call) -> Answer:
    """Sums of one contest beside the official figures, its precincts and pictures."""
    found = _contest(call)
    room, case = call.room, call.room.state()
    hidden = _hides_sums(call, found)
    counted = next(one for one in room.known().contests if one["contest"] == found.contest.id)
    stages = {task.place: task.standing.stage.value for task in room.desk.queue(room.known().weights)}
    official = in_force(room.questions.election, snapshots_of(case)).get(found.contest.id, {})
    sums = []
    for subject, total in found.sums.items() if not hidden else ():
        figure = official.get(subject)
        sums.append(
            {
                "subject": subject,
                "name": _subject(found, subject, call.lang),
                "votes": subject in found.candidates or subject == "against_all",
                **total.to_dict(),
                "text": _number(total.span.low, total.span.high, call.lang),
                "official": figure.value if figure else None,
                "official_text": _number(figure.value, figure.value, call.lang)
                if figure and figure.value is not None
                else "",
                "difference": figure.value - total.span.low
                if figure and figure.value is not None and total.span.is_exact
                else None,
            }
        )
    drawn = {} if hidden else titles(room.sketch(found, call.lang))
    several = found.contest.region is None

    def place(protocol: Protocol) -> str:
        return _region(room, protocol.key.region, call.lang) if several else ""

    data = {
        "contest": found.contest.id,
        "name": pick(found.contest.names, call.lang) or found.contest.id,
        "precincts": counted["precincts"],
        "sheets": counted["sheets"],
        "sums": sums,
        "protocols": [
            _line(protocol, stages) | {"region_name": place(protocol)} for protocol in found.protocols
        ],
        "hidden": hidden,
        "pictures": sorted(drawn),
        "single_entry": single_entry(case),
        "unread": len(never_read(case)),
    }
    return Shown("district.html", data, {"drawn": drawn})


def _hides_sums(call: Call, found: ContestTotals) -> bool:
    """True for reviewers while a sheet of the contest is open: a sum less its other sheets tells what was read.

    Who sits alone at the computer sees the sums: there is nobody else to look at them.
    """
    if not call.who.blind or call.who.role is Role.LOCAL:
        return False
    open_ = open_places(call.room)
    sheets = (s for p in found.protocols for v in p.versions for s in v.sheets)
    return any(s.page is not None and (s.source, s.page.page) in open_ for s in sheets)


def hidden_contests(call: Call) -> set[str]:
    """Contests whose sums this person must not see yet."""
    return {one.contest.id for one in call.room.known().totals.contests if _hides_sums(call, one)}


def _line(protocol: Protocol, stages: Mapping[Place, str]) -> dict[str, Any]:
    sheets = [sheet for version in protocol.versions for sheet in version.sheets]
    places = [(s.source, s.page.page) for s in sheets if s.page is not None]
    return {
        "region": protocol.key.region,
        "precinct": protocol.key.precinct,
        "versions": len(protocol.versions),
        "photos": len(places),
        "counts": protocol.countable,
        "stage": next((stages[place] for place in places if place in stages), "accepted"),
        "address": _address(protocol),
    }


def _address(protocol: Protocol) -> str:
    key = protocol.key
    if key.precinct is None or key.photo:
        return f"/photo/{protocol.main.sheets[0].source}" if protocol.main.sheets[0].page else ""
    return f"/precinct/{key.contest}/{key.region or '-'}/{key.precinct}"


def picture(call: Call) -> Answer:
    """A picture of a contest, as SVG."""
    with call.room.lock:
        found = _contest(call)
        sketch = None if _hides_sums(call, found) else call.room.sketch(found, call.lang)
    name = str(call.path["name"])
    if sketch is None or name not in titles(sketch):
        raise gone()
    return Response(call.room.drawn(sketch)[name], media_type="image/svg+xml")


def precinct(call: Call) -> Answer:
    """All photos, versions, readings and checks of one protocol."""
    found = _contest(call)
    region = "" if call.path["region"] == "-" else str(call.path["region"])
    number = int(call.path["precinct"])
    for protocol in found.protocols:
        if (protocol.key.region, protocol.key.precinct, protocol.key.photo) == (region, number, ""):
            break
    else:
        raise gone()
    sheets = [sheet for version in protocol.versions for sheet in version.sheets]
    hidden = call.who.blind and any(_open(call, sheet) for sheet in sheets)
    compared = [
        one.to_dict()
        for one in compare((found,), call.room.questions.election, snapshots_of(call.room.state()))
        if (one.figure.precinct, one.figure.unit or found.contest.region or "") == (number, region)
    ]
    data = {
        "contest": found.contest.id,
        "name": pick(found.contest.names, call.lang) or found.contest.id,
        "region": region,
        "region_name": _region(call.room, region, call.lang),
        "precinct": number,
        "hidden": hidden,
        "versions": [
            {
                "photos": [_photo(sheet) for sheet in version.sheets],
                "cells": []
                if hidden
                else [
                    {
                        "field": code,
                        "name": _subject(found, found.positions.subject(code), call.lang),
                        "low": cell.span.low,
                        "high": cell.span.high,
                        "people": cell.people,
                        "text": _number(cell.span.low, cell.span.high, call.lang),
                    }
                    for code, cell in version.cells.items()
                    if not cell.optional
                ],
            }
            for version in protocol.versions
        ],
        "checks": []
        if hidden
        else [
            {"id": b.check.id, "says": b.check.says, "confirmed": b.confirmed}
            for b in found.broken
            if b.protocol is protocol
        ],
        "official": compared,
    }
    return Shown("precinct.html", data)


def _photo(sheet: Sheet) -> dict[str, Any]:
    page = sheet.page
    return {
        "sha256": sheet.source if page else None,
        "page": page.page if page else None,
        "file": sheet.name,
        "status": page.status.value if page else "typed",
    }


def _open(call: Call, sheet: Sheet) -> bool:
    return sheet.page is not None and (sheet.source, sheet.page.page) in open_places(call.room)


def open_places(room: Room) -> set[Place]:
    """Sheets that are still to be typed."""
    return {task.place for task in room.desk.queue(room.known().weights) if not task.done}


def _contest(call: Call) -> ContestTotals:
    for found in call.room.known().totals.contests:
        if found.contest.id == call.path["contest"]:
            return found
    raise gone()


def _subject(found: ContestTotals, subject: str, lang: Lang) -> str:
    """A name; a candidate whom the election file does not know is called by the line on the ballot."""
    line = subject.removeprefix("votes.")
    if line != subject:
        return f"{word('candidate', lang).capitalize()} {line}"
    name = subject_name(found.contest, subject, lang)
    return name.replace("_", " ").capitalize() if name == subject else name  # no form is printed in English


def _region(room: Room, region: str, lang: Lang) -> str:
    known = next((one for one in room.questions.election.regions if one.id == region), None)
    return first_spelling(known.names, lang) or region if known else region


def _number(low: int, high: int, lang: Lang) -> str:
    from tally.model import Span

    return str(written(low if low == high else Span(low, high), lang.value))


PAGES = (
    Page("/", "overview", overview, None, "Coverage, what is done and left, the present pace."),
    Page("/district/{contest}", "district", district, Right.SEE, "Sums of one contest with ranges."),
    Page("/district/{contest}/{name}.svg", "picture", picture, Right.SEE, "A picture.", kind="image/svg+xml"),
    Page(
        "/precinct/{contest}/{region}/{precinct:int}",
        "precinct",
        precinct,
        Right.SEE,
        "Photos, versions, readings and checks of one protocol.",
    ),
)
