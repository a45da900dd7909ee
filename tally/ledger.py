"""The ledger: an append-only history of a case, one row per event, each chained to the one before.

One SQLite file. ``hash`` is sha256 over ``prev_hash`` followed by the canonical JSON of the event, so a
changed, removed or inserted row anywhere but at the tail breaks the chain; the head goes into every bundle,
which closes the tail as well.

Written with SQLAlchemy Core; what only SQLite has lies in tally.ledger_sqlite, so that a headquarters that
outgrows one computer can put a server beneath the same events.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from tally import ledger_sqlite as backend
from tally.errors import CaseError
from tally.ledger_tail import Tail, stamp_of
from tally.version import PROGRAM

GENESIS = "0" * 64
"""``prev_hash`` of the first event."""

_SHA256 = re.compile(r'[{,]"sha256":"([0-9a-f]{64})"')

WAIT_SECONDS = 5.0
"""How long a writer waits for another one before it gives up."""

AT_ONCE = 1000
"""More events are not turned into objects before the first is handed out."""

_METADATA = sa.MetaData()
_EVENT = sa.Table(
    "event",
    _METADATA,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("time_utc", sa.Text, nullable=False),
    sa.Column("local_offset", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("prev_hash", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False, unique=True),
)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. ``body`` is plain JSON data; its keys depend on ``kind``."""

    seq: int
    """1, 2, 3 ... without gaps."""
    time_utc: str
    """ISO 8601 with microseconds, ``Z``."""
    local_offset: str
    """Offset of the machine's clock zone, ``+05:00``."""
    actor: str
    kind: str
    body: Mapping[str, Any]
    prev_hash: str
    hash: str

    def core(self) -> dict[str, Any]:
        """What is hashed: everything but the two hashes."""
        return {
            "seq": self.seq,
            "time_utc": self.time_utc,
            "local_offset": self.local_offset,
            "actor": self.actor,
            "kind": self.kind,
            "body": self.body,
        }

    def to_dict(self) -> dict[str, Any]:
        """The event with both hashes, as one line of ``ledger.jsonl``."""
        return self.core() | {"prev_hash": self.prev_hash, "hash": self.hash}


def canonical(data: Any) -> str:
    """JSON with sorted keys, no spaces, ASCII only: the same data gives the same bytes everywhere."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def chain_hash(prev_hash: str, core: Mapping[str, Any]) -> str:
    """sha256, 64 hex digits, of ``prev_hash`` followed by the canonical JSON of the event."""
    return hashlib.sha256((prev_hash + canonical(core)).encode("ascii")).hexdigest()


class Ledger:
    """The events of one case, in the order in which they were written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = backend.engine(path, WAIT_SECONDS)
        self._index: dict[str, _Index] = {}
        self._tail = Tail(path)

    @classmethod
    def create(cls, path: Path) -> Ledger:
        """A new empty ledger. Raises :class:`CaseError` if the file exists."""
        if path.exists():
            raise CaseError("this ledger exists already.", file=str(path))
        ledger = cls(path)
        with ledger._connection() as conn:
            backend.begin(conn)
            _METADATA.create_all(conn)
            backend.guard(conn)
            conn.exec_driver_sql("COMMIT")
        return ledger

    @classmethod
    def open(cls, path: Path) -> Ledger:
        """An existing ledger. Raises :class:`CaseError` if it is missing or not a ledger."""
        if not path.is_file():
            raise CaseError(
                "the ledger of this case is missing.", file=str(path), advice="Restore it from a copy."
            )
        ledger = cls(path)
        ledger.head()
        return ledger

    def append(self, kind: str, body: Mapping[str, Any], *, actor: str) -> Event:
        """Write one event. When this returns, the event is on disk."""
        return self.append_all([(kind, body)], actor=actor)[0]

    def append_all(
        self, entries: Sequence[tuple[str, Mapping[str, Any]]], *, actor: str
    ) -> tuple[Event, ...]:
        """Write several events or none of them. Raises :class:`CaseError` if another program is writing."""
        with self._connection() as conn:
            backend.begin(conn)
            try:
                head = _head(conn)
                self._tail.begin(head[0])
                events = tuple(_link(entries, *head, actor))
                rows = [event.to_dict() | {"body": canonical(event.body)} for event in events]
                if rows:
                    conn.execute(sa.insert(_EVENT), rows)
                conn.exec_driver_sql("COMMIT")
            except BaseException:
                self._tail.end(())
                _roll_back(conn)
                raise
            written = [[row[column.name] for column in _EVENT.columns] for row in rows]
            self._tail.end([_event(row, self.path) for row in written])  # as whoever reads them has them
            return events

    def head(self) -> tuple[int, str]:
        """Number and hash of the last event; ``(0, GENESIS)`` when empty."""
        with self._connection() as conn:
            return _head(conn)

    def events(self, *kinds: str, after: int = 0) -> Iterator[Event]:
        """Events after the given number, all or those of the given kinds, oldest first; hashes unchecked."""
        known = self._tail.after(after) if after else None  # whoever asks for all wants what is in the file
        if known is not None:
            yield from (event for event in known if not kinds or event.kind in kinds)
            return
        query = sa.select(_EVENT).where(_EVENT.c.seq > after).order_by(_EVENT.c.seq)
        if kinds:
            query = query.where(_EVENT.c.kind.in_(kinds))
        stamp = stamp_of(self.path)
        with self._connection() as conn:
            rows = conn.execute(query).all()
        if kinds or len(rows) > AT_ONCE:
            yield from (_event(row, self.path) for row in rows)
            return
        events = [_event(row, self.path) for row in rows]
        self._tail.was_read(after, events, stamp)
        yield from events

    def last(self) -> int:
        """Number of the last event; 0 when empty. Nearly free as long as nothing was written."""
        known = self._tail.last
        if known is None:
            return self.head()[0]
        return max((event.seq for event in self.events(after=known)), default=known)

    def names_file(self, kind: str, sha256: str) -> bool:
        """True if an event of this kind speaks of the file with this hash.

        Only events that this object has not seen yet are looked at: adding a file to a case of any size takes
        the same time.
        """
        index = self._index.setdefault(kind, _Index())
        new = sa.and_(_EVENT.c.kind == kind, _EVENT.c.seq > index.seen)
        with self._connection() as conn:
            rows = conn.execute(
                sa.select(_EVENT.c.seq, _EVENT.c.body).where(new).order_by(_EVENT.c.seq)
            ).all()
        for seq, body in rows:
            index.files.update(_SHA256.findall(body))
            index.seen = seq
        return sha256 in index.files

    def verify(self) -> tuple[int, str]:
        """Recompute the chain and return its head. Raises :class:`CaseError` naming the first bad event."""
        return verify_chain(self.events(), str(self.path))

    @contextmanager
    def _connection(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
                backend.prepare(conn)
                yield conn
        except DatabaseError as error:
            raise backend.explained(error, self.path) from error


@dataclass(slots=True)
class _Index:
    """Which files the events of one kind speak of. Kept in memory only: nothing derived is stored."""

    seen: int = 0
    files: set[str] = field(default_factory=set)


def verify_chain(events: Iterable[Event], file: str = "") -> tuple[int, str]:
    """Check numbers and hashes of ``events`` from the first on; return ``(count, head hash)``."""
    seq, head = 0, GENESIS
    for event in events:
        seq += 1
        if event.seq != seq or event.prev_hash != head or event.hash != chain_hash(head, event.core()):
            raise CaseError(
                f"event {seq} of the ledger is not what was written: its hash does not fit.",
                file=file,
                advice="The file was changed. Keep it as it is and compare it with an older copy.",
            )
        head = event.hash
    return seq, head


def _link(
    entries: Sequence[tuple[str, Mapping[str, Any]]], seq: int, head: str, actor: str
) -> Iterator[Event]:
    now = datetime.now(UTC)
    offset = now.astimezone().strftime("%z")
    for kind, body in entries:
        seq += 1
        core = {
            "seq": seq,
            "time_utc": now.isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "local_offset": f"{offset[:3]}:{offset[3:5]}",
            "actor": actor.encode("utf-8", "replace").decode("utf-8"),
            "kind": kind,
            "body": {"program": PROGRAM, **body},
        }
        digest = chain_hash(head, core)
        yield Event(**core, prev_hash=head, hash=digest)  # type: ignore[arg-type]
        head = digest


def _head(conn: sa.Connection) -> tuple[int, str]:
    row = conn.execute(sa.select(_EVENT.c.seq, _EVENT.c.hash).order_by(_EVENT.c.seq.desc()).limit(1)).first()
    return (int(row[0]), str(row[1])) if row else (0, GENESIS)


def _event(row: Sequence[Any], path: Path) -> Event:
    """The event of a row, whose columns stand in the order of the fields of an event."""
    seq, time_utc, local_offset, actor, kind, body, prev_hash, own_hash = row
    try:
        read = json.loads(body)
    except ValueError as error:
        raise CaseError(f"event {seq} of the ledger is not JSON.", file=str(path)) from error
    return Event(seq, time_utc, local_offset, actor, kind, read, prev_hash, own_hash)


def _roll_back(conn: sa.Connection) -> None:
    with suppress(DatabaseError):  # a full disk has already rolled the transaction back
        conn.exec_driver_sql("ROLLBACK")
