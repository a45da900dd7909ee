"""Keep what was handed in: bytes on disk first, then a look at them in a worker, then the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli.intake import pseudonyms
from cli.intake.handed import Answers, Claim, Handed, Opened
from cli.intake.look import Looked, LookTask, look_at, why
from cli.intake.source import handed_in
from cli.pool import Limits, default_jobs, run_all
from tally.case import Case
from tally.chats import hint_of, without_contacts
from tally.errors import ExitCode
from tally.provenance import Provenance, provenance
from tally.store import Stored

OUTCOMES = ("new", "duplicate", "quarantined", "missing")

LOOK_LIMITS = Limits(seconds=60.0, memory_mb=2048)
"""For decoding one incoming file; a HEIC photo of 48 Mpx takes some 3 s and 600 MB."""
_AT_ONCE = 200
"""Files that are kept before they are looked at: the start of the workers is paid once for them."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file."""

    file: str
    outcome: str
    """``new``, ``duplicate``, ``quarantined`` (kept, cannot be decoded) or ``missing`` (nothing to keep)."""
    sha256: str = ""
    """Empty when missing."""
    reason: str = ""
    """Why it is quarantined or missing; empty otherwise."""
    provenance: Provenance | None = None
    hint: Mapping[str, int] = field(default_factory=dict)
    """Precinct and district as the caption has them."""

    def to_dict(self) -> dict[str, Any]:
        """Stable keys of ``add --json``."""
        return {
            "file": self.file,
            "outcome": self.outcome,
            "sha256": self.sha256,
            "reason": self.reason,
            "provenance": self.provenance.to_dict() if self.provenance else None,
            "hint": dict(self.hint),
        }


@dataclass(frozen=True, slots=True)
class TakenChat:
    """What became of one chat, mail or contact card."""

    opened: Opened
    sealed: bool

    def to_dict(self) -> dict[str, Any]:
        """Stable keys of ``chats`` in ``add --json``. Holds no name of a person."""
        chat, question = self.opened.chat, self.opened.question
        return {
            "chat": self.opened.label,
            "channel": self.opened.channel,
            "sha256": self.opened.sha256,
            "format": chat.format if chat else None,
            "messages": chat.count if chat else None,
            "with_files": len(chat.messages) if chat else None,
            "missing": len(chat.missing) if chat else None,
            "backwards": list(chat.backwards) if chat else [],
            "people": len(self.opened.people),
            "sealed": self.sealed,
            "question": question.to_dict() if question else None,
        }


@dataclass(frozen=True, slots=True)
class _Kept:
    """Bytes on disk that the ledger does not know yet."""

    handed: Handed
    stored: Stored
    harmless: bool
    """True for formats whose decoder has stood up to thousands of damaged files."""


_UNANSWERED = Answers()
_HARMLESS = (b"\xff\xd8\xff", b"\x89PNG")
_FEW = 16
"""So many harmless photos are looked at sooner than a worker starts."""


def add_all(
    case: Case, paths: Iterable[Path], answers: Answers = _UNANSWERED, jobs: int | None = None
) -> Iterator[Taken | TakenChat]:
    """Take in everything under ``paths``; one bad file never stops the others.

    Raises:
        CaseError: the disk is full, or somebody else is writing; what was taken before stays.
    """
    people: dict[str, Mapping[str, str]] = {}
    kept: list[_Kept | Taken] = []
    for one in handed_in(paths, answers):
        if isinstance(one, Opened):
            people[one.sha256] = pseudonyms.record(case, one)
            yield TakenChat(one, bool(case.recipients))
        elif one.data is None:
            kept.append(Taken(one.name, "missing", "", one.trouble))
        else:
            stored = case.keep(one.data)
            handed = Handed(one.name, b"", one.trouble, one.claim)
            kept.append(_Kept(handed, stored, one.data.startswith(_HARMLESS)))
        if len(kept) >= _AT_ONCE:
            yield from _receive(case, kept, people, jobs or default_jobs())
            kept = []
    yield from _receive(case, kept, people, jobs or default_jobs())


def _receive(
    case: Case, kept: list[_Kept | Taken], people: Mapping[str, Mapping[str, str]], jobs: int
) -> Iterator[Taken]:
    """Look at the kept files in workers and say in the ledger that they came."""
    tasks = [
        LookTask(case.originals.path_of(one.stored.sha256), one.handed.own_name)
        for one in kept
        if isinstance(one, _Kept) and not one.handed.trouble
    ]
    apart = len(tasks) > _FEW or not all(one.harmless for one in kept if isinstance(one, _Kept))
    limits = LOOK_LIMITS if apart else None
    looks = run_all(look_at, tasks, min(max(2, jobs), len(tasks)) if apart else 1, limits=limits)
    for one in kept:
        if isinstance(one, Taken):  # missing: there was nothing to keep
            yield one
            continue
        looked: Looked | Exception = Looked(reason=one.handed.trouble)
        if not one.handed.trouble:
            _, looked = next(looks)
        if isinstance(looked, Exception):
            looked = Looked(reason=why(looked))
        yield _receipt(case, one, looked, people)


def _receipt(case: Case, kept: _Kept, looked: Looked, people: Mapping[str, Mapping[str, str]]) -> Taken:
    claim = kept.handed.claim
    graded = provenance(
        looked.seen,
        kept.handed.own_name,
        claim.channel if claim else "",
        claim.how if claim else "",
        forwarded=claim.forwarded if claim else False,
    )
    claims = _claims(claim, people.get(claim.chat, {})) if claim else {}
    return _received(case, kept.stored, kept.handed.name, looked, graded, claims)


def receive_looked(case: Case, stored: Stored, name: str, looked: Looked, claims: Mapping[str, Any]) -> Taken:
    """Say in the ledger that kept bytes, already looked at, were handed in directly by whoever took them."""
    return _received(
        case, stored, name, looked, provenance(looked.seen, name, "", "", forwarded=False), claims
    )


def _received(
    case: Case, stored: Stored, name: str, looked: Looked, graded: Provenance, claims: Mapping[str, Any]
) -> Taken:
    seen = looked.seen
    added = case.receive(
        stored,
        name,
        quarantine_reason=looked.reason or None,
        claims=claims,
        seen={
            "provenance": graded.to_dict(),
            "look": {
                "format": seen.format,
                "size_px": [seen.width, seen.height],
                "pages": seen.pages,
                "phash": seen.phash,
            },
        },
    )
    hint = hint_of(claims.get("caption", "")).to_dict()
    return Taken(name, added.outcome, added.sha256, added.reason, graded, hint)


def _claims(claim: Claim, ids: Mapping[str, str]) -> dict[str, Any]:
    """What goes into the ledger: an id instead of the name, and a caption without names and numbers of people."""
    out: dict[str, Any] = {"channel": claim.channel, "chat": claim.chat, "line": claim.line}
    if claim.sender in ids:
        out["sender"] = ids[claim.sender]
    if claim.time:
        out["time"] = claim.time
    if caption := without_contacts(claim.text, ids):
        out["caption"] = caption
    return out


def counted(taken: Iterable[Taken | TakenChat]) -> dict[str, int]:
    """How many files of each outcome; every outcome is a key. Chats are no files."""
    found = Counter(one.outcome for one in taken if isinstance(one, Taken))
    return {outcome: found[outcome] for outcome in OUTCOMES}


def exit_code(counts: dict[str, int], chats: Iterable[TakenChat] = ()) -> ExitCode:
    """2 if a chat left a question, 4 if some file is missing or cannot be decoded, else 0.

    What could be taken in has been, whatever the code.
    """
    if any(chat.opened.question is not None for chat in chats):
        return ExitCode.USAGE
    return ExitCode.UNREADABLE_PHOTO if counts["quarantined"] or counts["missing"] else ExitCode.OK
