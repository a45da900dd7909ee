"""Is everything in a case still what was received and written? Every problem is found and named, none hides another.

Looked at: each event by itself (its hash), its place in the chain, the guards of the database, the file of the
database, every original and official table against its name, and case.toml against the first event.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tally import ledger_sqlite as backend
from tally.case import Case
from tally.ledger import GENESIS, canonical, chain_hash
from tally.store import Store

_ANY = "any"
"""Files that an event of any kind speaks of: other parts of the program may store files of their own."""
_HASH = re.compile("[0-9a-f]{64}")
STORES = {"original": "originals", "official": "official"}
KEPT_AS = {
    "received": "original",
    "imported": "original",
    "official_added": "official",
    "register_added": "official",
}
"""Kind of event that says: this file is kept; and as what."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it was written."""

    what: str
    """``event``, ``order``, ``guard``, ``database``, ``original``, ``official`` or ``settings``."""
    subject: str
    """Number of the event, path of the file within the case, or name of the guard."""
    message: str

    def to_dict(self) -> dict[str, str]:
        """Stable keys."""
        return {"what": self.what, "subject": self.subject, "message": self.message}


@dataclass(slots=True)
class Checked:
    """What was looked at, and everything found."""

    events: int = 0
    head: str = GENESIS
    originals: int = 0
    official: int = 0
    size: int = 0
    """Bytes re-hashed."""
    problems: list[Problem] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    """Files in the store that no event names: the trace of a crash between storing and recording."""

    def add(self, what: str, subject: object, message: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(what, str(subject), message))

    def to_dict(self) -> dict[str, Any]:
        """Stable keys."""
        return {
            "events": self.events,
            "head": self.head,
            "originals": self.originals,
            "official": self.official,
            "bytes": self.size,
            "problems": [problem.to_dict() for problem in self.problems],
            "unnamed": self.unnamed,
        }


def check_case(case: Case, step: Callable[[], None] = lambda: None) -> Checked:
    """Look at everything. ``step`` is called after every stored file. Raises nothing for damage: it is listed."""
    found = Checked()
    for line in backend.file_damage(case.ledger.path):
        found.add("database", case.ledger.path.name, line)
    for name in backend.missing_guards(case.ledger.path):
        found.add("guard", name, "the guard that keeps the ledger append-only is gone or changed")
    named = _check_events(case, found)
    for what, store in (("original", case.originals), ("official", case.official)):
        _check_store(what, store, named[what], named[_ANY], found, step)
    return found


def _check_events(case: Case, found: Checked) -> dict[str, dict[str, int]]:
    """Check the chain; return the files that it names: kind of store -> sha256 -> first event."""
    named: dict[str, dict[str, int]] = {what: {} for what in (*STORES, _ANY)}
    expected, heads = 1, {GENESIS}
    for seq, raw in backend.raw_rows(case.ledger.path):
        if seq != expected:
            gap = f"{expected}" if seq == expected + 1 else f"{expected} to {seq - 1}"
            found.add(
                "order", gap, "missing from the ledger" if seq > expected else f"event {seq} out of order"
            )
            heads = set()
        expected = seq + 1
        if raw is None:
            found.add("event", seq, "cannot be read: the file is damaged here")
            heads = set()
            continue
        found.events += 1
        event, problem = _decoded(raw)
        if event is None:
            found.add("event", seq, problem)
            heads = set()
            continue
        computed = chain_hash(event["prev_hash"], {key: event[key] for key in _CORE})
        intact = not problem and computed == event["hash"]
        if not intact:
            said = problem or "it is not what was written: its hash does not fit"
            found.add("event", seq, f"{_label(event)}: {said}")
        if heads and event["prev_hash"] not in heads:
            found.add("order", seq, f"{_label(event)}: it does not follow on the event before it")
        # Either may be the damaged one: the next event still tells which it was written after.
        heads = {event["hash"], computed}
        found.head = event["hash"]
        if intact:
            _note_file(event, seq, named)
        if seq == 1 and intact:
            _check_settings(case, event["body"], found)
    return named


_CORE = ("seq", "time_utc", "local_offset", "actor", "kind", "body")


def _decoded(raw: tuple[object, ...]) -> tuple[dict[str, Any] | None, str]:
    """The event of a raw row, or ``None``, and what is wrong with its text."""
    row = dict(zip(backend.COLUMNS, raw, strict=True))
    event: dict[str, Any] = {"seq": row.pop("seq")}
    for column, value in row.items():
        if not isinstance(value, bytes):
            return None, f"{column} is not text"
        try:
            event[column] = value.decode("utf-8")
        except UnicodeDecodeError:
            return None, f"it is not what was written: {column} is not text"
    text = event["body"]
    try:
        event["body"] = json.loads(text)
        plain = canonical(event["body"]) == text
    except (ValueError, RecursionError):
        return None, f"it is not what was written: the body of this {event['kind'][:40]!r} is not JSON"
    if not isinstance(event["body"], dict):
        return None, "it is not what was written: its body is not an object"
    return event, "" if plain else "it is not what was written: its body is not in canonical form"


def _label(event: Mapping[str, Any]) -> str:
    return f"{event['kind']} of {event['time_utc']}"


def _note_file(event: Mapping[str, Any], seq: int, named: dict[str, dict[str, int]]) -> None:
    sha256 = event["body"].get("sha256")
    if isinstance(sha256, str) and _HASH.fullmatch(sha256):
        named[_ANY].setdefault(sha256, seq)
        if event["kind"] in KEPT_AS:
            named[KEPT_AS[event["kind"]]].setdefault(sha256, seq)


def _check_settings(case: Case, body: Mapping[str, Any], found: Checked) -> None:
    for key, value in (
        ("election", case.election_id),
        ("districts", list(case.districts)),
        ("note", case.note),
    ):
        if body.get(key) != value:
            found.add(
                "settings", "case.toml", f"{key} is {value!r}, but the case was made with {body.get(key)!r}"
            )


def _check_store(
    what: str,
    store: Store,
    named: Mapping[str, int],
    spoken_of: Mapping[str, int],
    found: Checked,
    step: Callable[[], None],
) -> None:
    for sha256, seq in named.items():
        if sha256 not in store:
            found.add(
                what,
                _shown(what, store, store.path_of(sha256)),
                f"missing; event {seq} says that it was stored",
            )
    for path in sorted(store.root.rglob("*")):
        if path.name.startswith(".") or not path.is_file():
            continue
        shown = _shown(what, store, path)
        problem = _file_problem(path, store, found)
        if problem:
            found.add(what, shown, problem)
        elif path.name not in spoken_of:
            found.unnamed.append(shown)
        if what == "original":
            found.originals += 1
        else:
            found.official += 1
        step()


def _file_problem(path: Path, store: Store, found: Checked) -> str:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            found.size += file.tell()
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    if digest != path.name:
        return f"its bytes no longer fit its name: they have sha256 {digest[:16]}…"
    return "" if path == store.path_of(digest) else "it lies in the wrong folder"


def _shown(what: str, store: Store, path: Path) -> str:
    return f"{STORES[what]}/{path.relative_to(store.root)}"
