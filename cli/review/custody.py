"""One photo from receipt to sum, its original, and files to take along."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from starlette.responses import Response

from cli.reasons import check_texts
from cli.review.call import Answer, Call, Page, Shown, gone
from cli.review.pages import open_places
from cli.review.pictures import LARGE_PX, SMALL_PX
from cli.review.roles import Right
from cli.waiting import single_entry, unread_photos
from cli.words import word
from tally.history import acts
from tally.model import PageReading
from tally.review.settle import standing


def photo(call: Call) -> Answer:
    """What happened to one photo, and what everybody read on it."""
    room, case = call.room, call.room.state()
    sha256 = str(call.path["sha256"])
    known = case.photos.get(sha256)
    if known is None:
        raise gone()
    open_ = {place for place in open_places(room) if place[0] == sha256}
    hidden = call.who.blind and bool(open_)
    history = [
        {
            "seq": act.event.seq,
            "time_utc": act.event.time_utc,
            "act": act.act,
            "says": word(act.act, call.lang),
            "actor": act.event.actor,
        }
        for act in acts(room.case.ledger.events())
        if act.sha256 == sha256 and act.event.kind not in ("leased", "released")
    ]
    if hidden:  # who typed an open sheet is nobody's business yet
        history = [one for one in history if one["act"] in ("received", "read", "quarantined")]
    data = {
        "sha256": sha256,
        "file": known.name,
        "names": list(known.names),
        "size": known.size,
        "received_utc": known.received_utc,
        "receipts": known.receipts,
        "quarantined": known.quarantined,
        "hidden": hidden,
        "pages": [_page(call, page, hidden) for page in case.pages_of(sha256)],
        "history": history,
        "may_manage": call.who.may(Right.MANAGE),
    }
    return Shown("photo.html", data)


def _page(call: Call, page: PageReading, hidden: bool) -> dict[str, Any]:
    now = standing(call.room.state().review, (page.sha256, page.page))
    about = {
        "page": page.page,
        "form": page.form,
        "status": page.status.value,
        "stage": now.stage.value,
        "by": now.by.value if now.by else None,
    }
    if hidden:
        return about | {"readings": [], "checks": [], "reasons": []}
    says = check_texts(page, call.room.questions.form_named(page.form), call.lang) if page.form else {}
    people = [dict(answer.content.fields) for answer in now.answers]
    return about | {
        "reader": page.reader,
        "readings": [
            {
                "field": code,
                "mark": reading.mark.value,
                "value": reading.value,
                "confidence": round(reading.confidence, 4),
                "people": [typed.get(code) for typed in people],
            }
            for code, reading in {**page.header, **page.fields}.items()
        ],
        "checks": [check.to_dict() | {"says": says.get(check.id, check.says)} for check in page.checks],
        "reasons": list(page.reasons),
    }


def page_picture(call: Call) -> Answer:
    """A view of one page, re-encoded."""
    turn = call.query.get("turn", "0")
    read = call.room.page(call.place())
    turns = int(turn) if turn in ("1", "2", "3") else 0
    side_px = SMALL_PX if call.query.get("small") else LARGE_PX
    return Response(call.room.whole_page(read, turns, side_px), media_type="image/jpeg")


def original(call: Call) -> Answer:
    """The original bytes, only to be saved; handing them out is an event."""
    sha256 = str(call.path["sha256"])
    if sha256 not in call.room.state().photos:
        raise gone()
    data = call.room.case.photo_bytes(sha256)
    call.room.case.ledger.append("viewed", {"sha256": sha256}, actor=f"person:{call.who.name}")
    headers = {"Content-Disposition": f'attachment; filename="{sha256[:16]}.bin"'}
    return Response(data, media_type="application/octet-stream", headers=headers)


def export(call: Call) -> Answer:
    """What can be taken along."""
    head = call.room.case.ledger.head()
    files = ["totals.json", "findings.json", "protocols.csv", "ledger.jsonl"]
    return Shown("export.html", {"files": files, "events": head[0], "head": head[1]})


def export_file(call: Call) -> Answer:
    """One of the files; all in stable keys."""
    made = _FILES.get(str(call.path["name"]))
    if made is None:
        raise gone()
    kind, make = made
    headers = {"Content-Disposition": f'attachment; filename="{call.path["name"]}"'}
    return Response(make(call), media_type=kind, headers=headers)


def _totals(call: Call) -> str:
    found = call.room.known().totals.to_dict()
    return json.dumps(found | _told(call), ensure_ascii=False)


def _findings(call: Call) -> str:
    listed = [finding.to_dict() for finding in call.room.known().findings]
    return json.dumps({"findings": listed} | _told(call), ensure_ascii=False)


def _told(call: Call) -> dict[str, object]:
    """What must stand beside any sum: that one person was enough, and which photos are in no sum."""
    known = call.room.state()
    return {"single_entry": single_entry(known), "unread": unread_photos(known)}


def _protocols(call: Call) -> str:
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow(["contest", "region", "precinct", "version", "field", "low", "high", "people", "sha256"])
    for contest in call.room.known().totals.contests:
        for protocol in contest.protocols:
            for number, version in enumerate(protocol.versions, 1):
                for code, cell in version.cells.items():
                    if not cell.optional:
                        key = protocol.key
                        about = [key.contest, key.region, key.precinct, number, code]
                        span = [cell.span.low, cell.span.high, cell.people]
                        write.writerow([*about, *span, " ".join(version.sources)])
    return out.getvalue()


def _ledger(call: Call) -> str:
    return "".join(json.dumps(e.to_dict(), sort_keys=True) + "\n" for e in call.room.case.ledger.events())


_FILES = {
    "totals.json": ("application/json", _totals),
    "findings.json": ("application/json", _findings),
    "protocols.csv": ("text/csv; charset=utf-8", _protocols),
    "ledger.jsonl": ("application/x-ndjson", _ledger),
}
PAGES = (
    Page("/photo/{sha256}", "photo", photo, Right.SEE, "Custody of one photo: receipt, readings, history."),
    Page("/photo/{sha256}/{page:int}.jpg", "photoPage", page_picture, Right.SEE, "A view.", kind="image/jpeg"),
    Page(
        "/photo/{sha256}/original", "original", original, Right.MANAGE, "The original bytes, as attachment.",
        kind="application/octet-stream",
    ),
    Page("/export", "export", export, Right.MANAGE, "Files to take along."),
    Page("/export/{name}", "exportFile", export_file, Right.MANAGE, "One file.", kind="application/octet-stream"),
)  # fmt: skip
