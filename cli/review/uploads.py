"""Photos from phones: in pieces, resumable, with a receipt, and what was read and what to photograph again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse

from cli.lang import Lang
from cli.names import field_label
from cli.reasons import check_texts, in_language
from cli.review.call import Answer, Call, Goto, Page, Shown, gone
from cli.review.incoming import CHUNK_BYTES, OutOfStep, Upload
from cli.review.roles import Right
from cli.review.texts import texts
from cli.words import word
from tally.errors import UsageError
from tally.form import load_form
from tally.model import Outcome, PageReading
from tally.review.answers import person_of


def upload_page(call: Call) -> Answer:
    """Choose photos and see what became of them."""
    data = {
        "chunk": CHUNK_BYTES,
        "precincts": list(call.who.precincts),
        "quota": call.who.quota,
        "sent": _sent(call),
        "signed_in": call.who.name,
    }
    return Shown("upload.html", data)


def begin(call: Call) -> Answer:
    """Announce a file."""
    precinct, size = _number(call, "precinct"), _number(call, "size")
    if call.who.precincts and precinct not in call.who.precincts:
        raise UsageError("this link is for other precincts.", advice="Choose one of the list.")
    if call.who.quota and _sent(call) >= call.who.quota:
        raise UsageError("this link has taken in as many photos as it may.", advice="Ask for another link.")
    made = call.room.receiver.incoming.begin(call.typed.get("name", ""), size or 0, call.who.name, precinct)
    return Goto("/upload", {"upload": made.id, "offset": 0, "chunk": CHUNK_BYTES}, 201)


def chunk(call: Call) -> Answer:
    """Take one piece in."""
    upload = _upload(call)
    text = call.query.get("offset", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 12):
        raise UsageError("the offset is missing.", advice="Say where the piece begins.")
    incoming = call.room.receiver.incoming
    try:
        return JSONResponse({"offset": incoming.write(upload, int(text), call.body)})
    except OutOfStep as error:
        return JSONResponse({"error": error.message, "offset": error.offset}, 409)


def upload_state(call: Call) -> Answer:
    """How much of an upload is there."""
    upload = _upload(call)
    offset = call.room.receiver.incoming.offset(upload)
    return Shown("upload_state.html", {"upload": upload.id, "offset": offset, "size": upload.size})


def finish(call: Call) -> Answer:
    """The file is complete: keep it, give a receipt."""
    upload = _upload(call)
    receiver = call.room.receiver
    offset = receiver.incoming.offset(upload)
    if offset != upload.size:
        raise OutOfStep(offset)
    taken, receipt = receiver.finish(upload)
    return Goto(
        f"/sent/{taken.sha256}", {"file": taken.file, "reason": taken.reason, "receipt": receipt}, 201
    )


def sent(call: Call) -> Answer:
    """What was read on a photo that this person handed in, and what to photograph again."""
    sha256, case = str(call.path["sha256"]), call.room.state()
    mine = call.who.may(Right.MANAGE) or person_of(call.who.name) in case.review.uploaders.get(sha256, ())
    known = case.photos.get(sha256)
    if known is None or not mine:
        raise gone()
    pages = case.pages_of(sha256)
    data = {
        "sha256": sha256,
        "file": known.name,
        "state": "quarantined" if known.quarantined else "read" if pages else "reading",
        "reason": known.quarantined or "",
        "pages": [_feedback(page, call) for page in pages],
    }
    return Shown("sent.html", data)


def _feedback(page: PageReading, call: Call) -> dict[str, Any]:
    lang = call.lang
    number = page.header.get("precinct")
    precinct = number.value if number else None
    says = check_texts(page, call.room.questions.form_named(page.form), lang) if page.form else {}
    values = _values(page, call, lang)
    named = {one["field"]: one["name"] for one in values}
    warnings = [_named(in_language(text, lang, says), named) for text in page.reasons]
    scope = call.who.precincts
    return {
        "page": page.page,
        "status": page.status.value,
        "precinct": precinct,
        "other_precinct": bool(scope and precinct is not None and precinct not in scope),
        "values": values,
        "broken": [
            {"id": c.id, "says": says.get(c.id, c.says)} for c in page.checks if c.outcome is Outcome.BROKEN
        ],
        "again": warnings,
    }


def _named(text: str, named: Mapping[str, str]) -> str:
    """The text with the printed label of the row that it speaks of instead of its code."""
    code, colon, rest = text.partition(":")
    return f"{named[code]}:{rest}" if colon and code in named else text


def _values(page: PageReading, call: Call, lang: Lang) -> list[dict[str, Any]]:
    if page.form is None:
        return []
    form = load_form(call.room.questions.form_named(page.form))
    out = []
    for code, reading in page.fields.items():
        line = code.startswith("votes.")
        number = code.partition(".")[2]
        label = (
            f"{word('candidate', lang).capitalize()} {number}"
            if line
            else field_label(form.field(code), lang)
        )
        value = reading.value if reading.value is not None else texts(lang)[f"mark_{reading.mark.value}"]
        out.append({"field": code, "name": label, "value": value})
    return out


def _sent(call: Call) -> int:
    name = person_of(call.who.name)
    with call.room.lock:
        return sum(name in people for people in call.room.state().review.uploaders.values())


def _upload(call: Call) -> Upload:
    found = call.room.receiver.incoming.find(str(call.path["id"]), call.who.name)
    if found is None:
        raise gone()
    return found


def _number(call: Call, name: str) -> int | None:
    text = call.typed.get(name, "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None


PAGES = (
    Page("/upload", "upload", upload_page, Right.UPLOAD, "Hand photos in."),
    Page(
        "/upload/begin", "uploadBegin", begin, Right.UPLOAD, "Announce a file.", "POST",
        fields={"name": "file name", "size": "bytes", "precinct": "what the sheet is of"},
    ),
    Page("/upload/{id}", "uploadState", upload_state, Right.UPLOAD, "How much is there."),
    Page("/upload/{id}/chunk", "uploadChunk", chunk, Right.UPLOAD, "One piece.", "POST", chunk=True),
    Page("/upload/{id}/finish", "uploadFinish", finish, Right.UPLOAD, "Complete a file.", "POST"),
    Page("/sent/{sha256}", "sent", sent, Right.UPLOAD, "What was read on a photo that one handed in."),
)  # fmt: skip
