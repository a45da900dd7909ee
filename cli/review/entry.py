"""Typing a sheet blind, and deciding between two entries that differ."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from cli.review.call import Answer, Call, Goto, Page, Shown, gone
from cli.review.questions import MARKS, Asked, SheetQuestion, Typing, check_entry, entry_of
from cli.review.roles import Right
from tally.review.answers import Content, Lease
from tally.review.settle import standing
from tally.typed_rows import Entry

_LETTERS = {mark.value: letter for letter, mark in MARKS.items()}


def queue(call: Call) -> Answer:
    """What waits, in the order in which it is handed out."""
    room = call.room
    photos, known = room.state().photos, room.known()
    sheets = [
        {
            "sha256": task.place[0],
            "page": task.place[1],
            "file": photos[task.place[0]].name,
            "stage": task.standing.stage.value,
            "by": task.standing.by.value if task.standing.by else None,
            "why": task.weight.why,
            "status": task.status.value,
        }
        for task in room.desk.queue(known.weights)
    ]
    return Shown("queue.html", {"sheets": sheets, "entries": room.state().review.entries})


def next_sheet(call: Call) -> Answer:
    """Hand out the most urgent sheet."""
    return _onward(call)


def take(call: Call) -> Answer:
    """Hand out a sheet that the person chose."""
    page = call.typed.get("page", "1")
    place = (call.typed.get("sha256", ""), int(page) if page.isdecimal() and len(page) < 5 else 0)
    lease = call.room.desk.take(place, call.who.name, decides=call.who.may(Right.DECIDE))
    return Goto(f"/task/{lease.token}", _lease_data(lease), 201)


def task(call: Call) -> Answer:
    """The sheet of a lease, to type or to decide."""
    lease = _lease(call)
    question = _question(call, lease, call.query.get("contest", ""))
    typed = _agreed(call, lease) if lease.decides else {}
    return _ask(call, lease, question, Typing(), typed)


def answer(call: Call) -> Answer:
    """Take in what was typed, or ask again where something is missing."""
    lease = _lease(call)
    question = _question(call, lease, call.typed.get("contest", ""))
    typing = check_entry(question, call.typed)
    if typing.problems:
        return _ask(call, lease, question, typing, call.typed, 422)
    return _answered(call, lease, entry_of(question, typing), "")


def aside(call: Call) -> Answer:
    """There is nothing to type on this sheet."""
    lease = _lease(call)
    return _answered(call, lease, None, call.typed.get("reason", ""))


def give_back(call: Call) -> Answer:
    """Let somebody else have the sheet."""
    call.room.desk.release(_lease(call).token, call.who.name)
    return _onward(call)


def page_picture(call: Call) -> Answer:
    """The whole page of a sheet on the desk."""
    turn = call.query.get("turn", "0")
    read = call.room.page(_lease(call).place)
    return Response(
        call.room.whole_page(read, int(turn) if turn in ("1", "2", "3") else 0), media_type="image/jpeg"
    )


def cell_picture(call: Call) -> Answer:
    """One cell of a sheet on the desk."""
    read = call.room.page(_lease(call).place)
    made = call.room.cell(read, str(call.path["code"]))
    if made is None:
        raise gone()
    return Response(made, media_type="image/png")


def _lease(call: Call) -> Lease:
    return call.room.desk.lease(str(call.path["token"]), call.who.name)


def _question(call: Call, lease: Lease, contest: str) -> SheetQuestion:
    read = call.room.page(lease.place)
    if lease.decides and not contest:
        contest = next((one.contest for one in _sides(call, lease) if one.contest), "")
    return call.room.questions.about(read, call.room.state().photos[read.sha256].name, contest, call.lang)


def _sides(call: Call, lease: Lease) -> tuple[Content, ...]:
    """Both entries, in an order that tells nothing of who came first."""
    entries = [entry.content for entry in standing(call.room.state().review, lease.place).entries]
    turned = sha256(repr(lease.place).encode()).digest()[0] % 2
    return tuple(reversed(entries)) if turned else tuple(entries)


def _written(content: Content) -> dict[str, str]:
    values = {code: _LETTERS.get(str(value), str(value)) for code, value in content.values().items()}
    if content.precinct is not None:
        values["precinct"] = str(content.precinct)
    return values | ({"region": content.region} if content.region else {})


def _agreed(call: Call, lease: Lease) -> dict[str, str]:
    entries = _sides(call, lease)
    sides = [_written(one) for one in entries]
    agreed = {code: value for code, value in sides[0].items() if all(s.get(code) == value for s in sides)}
    # An entry of another district than its contest's is refused, so that who agrees on one agrees on the other.
    contests = {one.contest for one in entries if not one.aside}
    district = call.room.questions.election.contest(contests.pop()).district if len(contests) == 1 else None
    return agreed if district is None else {"district": str(district)} | agreed


def _ask(
    call: Call,
    lease: Lease,
    question: SheetQuestion,
    typing: Typing,
    typed: Mapping[str, str],
    status: int = 200,
) -> Shown:
    sides = [_written(one) | {"aside": one.aside} for one in _sides(call, lease)] if lease.decides else []
    known = call.room.questions.contests
    data = {
        **_lease_data(lease),
        "contest": question.contest.id,
        "contests": [one.id for one in known],
        "header": [_asked(one) for one in question.header],
        "fields": [_asked(one) for one in question.fields],
        "regions": [list(pair) for pair in question.regions],
        "entries": sides,
        "typed": dict(typed),
        "problems": dict(typing.problems),
    }
    turn = call.query.get("turn", "0")
    extra = {"q": question, "known": known, "turn": int(turn) if turn in ("1", "2", "3") else 0}
    return Shown("task.html", data, extra, status)


def _asked(asked: Asked) -> dict[str, Any]:
    return {
        "code": asked.code,
        "label": asked.label,
        "crop": asked.quad is not None,
        "ceiling": asked.ceiling,
        "must": asked.must,
    }


def _lease_data(lease: Lease) -> dict[str, Any]:
    until = lease.until.isoformat(timespec="seconds")
    return {"task": lease.token, "until": until, "decides": lease.decides}


def _answered(call: Call, lease: Lease, entry: Entry | None, aside: str) -> Goto:
    weights, decides = call.room.known().weights, call.who.may(Right.DECIDE)
    seq, following = call.room.desk.enter_and_next(
        lease.token, call.who.name, entry, aside, weights=weights, decides=decides
    )
    return _to(following, str(seq))


def _onward(call: Call) -> Goto:
    """To the next sheet, or to the overview."""
    weights = call.room.known().weights
    return _to(call.room.desk.next(call.who.name, weights, decides=call.who.may(Right.DECIDE)), "")


def _to(following: Lease | None, saved: str) -> Goto:
    query = f"?{urlencode({'saved': saved})}" if saved else ""
    data: dict[str, Any] = {"saved": int(saved) if saved else None}
    if following is None:
        return Goto(f"/{query}", data | {"task": None})
    return Goto(f"/task/{following.token}{query}", data | _lease_data(following))


_SHEET = {"contest": "id of the contest", "region": "id of the region", "<code>": "number, or N, D, S, B"}
PAGES = (
    Page("/queue", "queue", queue, Right.MANAGE, "Sheets that wait for people, most urgent first."),
    Page("/next", "nextSheet", next_sheet, Right.TYPE, "Hand out the most urgent sheet.", "POST"),
    Page(
        "/take", "takeSheet", take, Right.MANAGE, "Hand out one sheet.", "POST",
        fields={"sha256": "hash of the photo", "page": "page of the photo"},
    ),
    Page("/task/{token}", "task", task, Right.TYPE, "A sheet to type blind, or to decide."),
    Page("/task/{token}", "answer", answer, Right.TYPE, "Take in what was typed.", "POST", fields=_SHEET),
    Page(
        "/task/{token}/aside", "setAside", aside, Right.TYPE, "Say that there is nothing to type.", "POST",
        fields={"reason": "not_a_protocol or photograph_again"},
    ),
    Page("/task/{token}/pass", "giveBack", give_back, Right.TYPE, "Give a sheet back.", "POST"),
    Page("/task/{token}/page.jpg", "taskPage", page_picture, Right.TYPE, "The page.", kind="image/jpeg"),
    Page(
        "/task/{token}/cell/{code}.png", "taskCell", cell_picture, Right.TYPE, "One cell.", kind="image/png"
    ),
)  # fmt: skip
