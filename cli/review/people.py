"""Signing in, invitations, and what a lead decides: the way of typing, whose work counts, lock-down."""

from __future__ import annotations

import segno

from cli.review.call import Answer, Call, Goto, Page, Shown
from cli.review.roles import Right, Role
from tally.errors import UsageError
from tally.review.quality import records


def people(call: Call) -> Answer:
    """Invitations, and how well people type."""
    return Shown("people.html", _listed(call))


def invite(call: Call) -> Answer:
    """A one-time link and its QR code, shown this once."""
    try:
        role = Role(call.typed.get("role", ""))
    except ValueError as error:
        raise UsageError("there is no such role.", advice="Choose one of the list.") from error
    made, token = call.room.accounts.invite(
        call.typed.get("name", ""),
        role,
        call.who.name,
        hours=_number(call, "hours", 48),
        precincts=_precincts(call.typed.get("precincts", "")),
        quota=_number(call, "quota", 0),
    )
    link = join_link(call.base, token)
    return Shown(
        "invited.html",
        {**made.to_dict(), "link": link, "fingerprint": call.room.fingerprint},
        {"qr": qr_svg(link)},
        201 if call.api else 200,
    )


def join_link(base: str, token: str) -> str:
    """The token stands behind the #: it reaches no log and no referrer."""
    return f"{base}/join#{token}"


def qr_svg(link: str) -> str:
    """The link as an SVG that can stand in a page."""
    return str(segno.make(link, error="m").svg_inline(scale=5, dark="#000", light="#fff", border=4))


def revoke(call: Call) -> Answer:
    """End an invitation and its sessions."""
    call.room.accounts.revoke(call.typed.get("invite", ""), call.who.name)
    return Goto("/people", {"revoked": call.typed.get("invite", "")})


def invalidate(call: Call) -> Answer:
    """Put everything that a reviewer typed back into the queue."""
    name = call.typed.get("reader", "")
    call.room.desk.invalidate(name, call.who.name, call.typed.get("reason", ""))
    return Goto("/people", {"invalidated": name})


def mode(call: Call) -> Answer:
    """How many people type a sheet, and whether accepted sheets are typed too."""
    entries = _number(call, "entries", 0)
    call.room.desk.set_mode(entries, call.who.name, everything=bool(call.typed.get("everything")))
    return Goto("/people", {"entries": entries})


def reopen(call: Call) -> Answer:
    """Put one sheet back into the queue."""
    place = _place(call)
    call.room.desk.reopen(place, call.who.name, call.typed.get("reason", ""))
    return Goto(f"/photo/{place[0]}", {"reopened": list(place)})


def gold(call: Call) -> Answer:
    """Use a settled sheet as a gold question."""
    place = _place(call)
    call.room.desk.mark_gold(place, call.who.name)
    return Goto(f"/photo/{place[0]}", {"gold": list(place)})


def lock(call: Call) -> Answer:
    """Close the page for everybody but the lead, or open it again."""
    locked = call.typed.get("locked") == "1"
    call.room.accounts.set_lock(locked, call.who.name)
    return Goto("/people", {"locked": locked})


def join_page(call: Call) -> Answer:
    """Where a link leads; the script hands the token over."""
    return Shown("join.html", {"signed_in": call.who.name})


def _listed(call: Call) -> dict[str, object]:
    room = call.room
    known = room.state().review
    return {
        "local": room.local,
        "invitations": [one.to_dict() for one in room.accounts.invitations.values()],
        "reviewers": [one.to_dict() for one in records(known).values()],
        "entries": known.entries,
        "everything": known.everything,
        "locked": room.accounts.locked,
        "roles": [role.value for role in Role if role is not Role.LOCAL],
    }


def _place(call: Call) -> tuple[str, int]:
    return call.typed.get("sha256", ""), _number(call, "page", 1)


def _number(call: Call, name: str, default: int) -> int:
    text = call.typed.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 7):
        raise UsageError(f"{name} is not a number.", advice="Type digits.")
    return int(text)


def _precincts(text: str) -> tuple[int, ...]:
    parts = text.replace(",", " ").split()
    if any(not (p.isascii() and p.isdecimal() and len(p) < 6) for p in parts):
        raise UsageError("precincts are numbers.", advice="Separate them by blanks.")
    return tuple(int(p) for p in parts)


_WHERE = {"sha256": "hash of the photo", "page": "page of the photo", "reason": "why, in a few words"}
_INVITE = {
    "name": "pseudonym",
    "role": "role",
    "hours": "until it expires",
    "precincts": "numbers",
    "quota": "most photos",
}
_MODE = {"entries": "1 or 2", "everything": "1: accepted sheets too"}
_LEAD = Right.MANAGE
PAGES = (
    Page("/people", "people", people, _LEAD, "Invitations, and the quality of reviewers.", unlocked=True),
    Page("/people/invite", "invite", invite, _LEAD, "Make a one-time link.", "POST", fields=_INVITE),
    Page(
        "/people/revoke", "revoke", revoke, _LEAD, "End an invitation.", "POST", fields={"invite": "id"}, unlocked=True
    ),
    Page(
        "/people/invalidate", "invalidate", invalidate, _LEAD, "Put a reviewer's work back into the queue.", "POST",
        fields={"reader": "name", "reason": "why"},
    ),
    Page("/mode", "mode", mode, _LEAD, "Single or double entry.", "POST", fields=_MODE),
    Page("/reopen", "reopen", reopen, _LEAD, "Put a sheet back into the queue.", "POST", fields=_WHERE),
    Page("/gold", "gold", gold, _LEAD, "Use a settled sheet as a gold question.", "POST", fields=_WHERE),
    Page("/lock", "lock", lock, _LEAD, "Lock-down.", "POST", fields={"locked": "1 or 0"}, unlocked=True),
    Page("/join", "join", join_page, None, "Where an invitation leads.", public=True),
)  # fmt: skip
