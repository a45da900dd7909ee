"""The ledger: an append-only history of a case, one row per event, each chained to the one before.

One SQLite file. ``hash`` is sha256 over ``prev_hash`` followed by the canonical JSON of the event, so a
changed, removed or inserted row anywhere but at the tail breaks the chain; the head goes into every bundle,
which closes the tail as well.

Journal mode: the rollback journal (``DELETE``) with ``synchronous=FULL``, not WAL. SQLite 3.7.0 to 3.51.2 can
damage a WAL database when two connections write and checkpoint at the same moment, and Python links whatever
SQLite the machine has. A case takes a few dozen events per second at most; the slower mode is quick enough.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool

from tally.errors import CaseError

GENESIS = "0" * 64
"""``prev_hash`` of the first event."""

WAIT_SECONDS = 5.0
"""How long a writer waits for another one before it gives up."""

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
_TRIGGERS = (
    """CREATE TRIGGER event_no_update BEFORE UPDATE ON event
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    """CREATE TRIGGER event_no_delete BEFORE DELETE ON event
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    # Also stops INSERT OR REPLACE, which would not fire the delete trigger.
    """CREATE TRIGGER event_in_order BEFORE INSERT ON event
        WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM event)
          OR NEW.prev_hash <> coalesce((SELECT hash FROM event ORDER BY seq DESC LIMIT 1), printf('%064d', 0))
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
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
        self._engine = sa.create_engine(
            sa.URL.create("sqlite", database=str(path)),
            poolclass=NullPool,
            connect_args={"timeout": WAIT_SECONDS, "isolation_level": None},
        )

    @classmethod
    def create(cls, path: Path) -> Ledger:
        """A new empty ledger. Raises :class:`CaseError` if the file exists."""
        if path.exists():
            raise CaseError("this ledger exists already.", file=str(path))
        ledger = cls(path)
        with ledger._connection() as conn:
            conn.exec_driver_sql("BEGIN IMMEDIATE")
            _METADATA.create_all(conn)
            for trigger in _TRIGGERS:
                conn.exec_driver_sql(trigger)
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
            conn.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                seq, head = _head(conn)
                events = tuple(_link(entries, seq, head, actor))
                for event in events:
                    conn.execute(
                        sa.insert(_EVENT).values(**event.to_dict() | {"body": canonical(event.body)})
                    )
                conn.exec_driver_sql("COMMIT")
            except BaseException:
                _roll_back(conn)
                raise
            return events

    def head(self) -> tuple[int, str]:
        """Number and hash of the last event; ``(0, GENESIS)`` when empty."""
        with self._connection() as conn:
            return _head(conn)

    def events(self, *kinds: str) -> Iterator[Event]:
        """All events, or those of the given kinds, oldest first. Hashes are not checked here."""
        query = sa.select(_EVENT).order_by(_EVENT.c.seq)
        if kinds:
            query = query.where(_EVENT.c.kind.in_(kinds))
        with self._connection() as conn:
            rows = conn.execute(query).all()
        for row in rows:
            yield _event(row._asdict(), self.path)

    def mentions(self, kind: str, text: str) -> bool:
        """True if the body of any event of this kind holds ``text`` (ASCII)."""
        query = (
            sa.select(_EVENT.c.seq)
            .where(_EVENT.c.kind == kind, sa.func.instr(_EVENT.c.body, text) > 0)
            .limit(1)
        )
        with self._connection() as conn:
            return conn.execute(query).first() is not None

    def verify(self) -> tuple[int, str]:
        """Recompute the chain and return its head. Raises :class:`CaseError` naming the first bad event."""
        return verify_chain(self.events(), str(self.path))

    @contextmanager
    def _connection(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
                conn.exec_driver_sql("PRAGMA journal_mode=DELETE")
                conn.exec_driver_sql("PRAGMA synchronous=FULL")
                yield conn
        except OperationalError as error:
            raise _explained(error, self.path) from error
        except DatabaseError as error:
            raise CaseError(
                f"the ledger cannot be used: {error.orig}.",
                file=str(self.path),
                advice="Restore it from a copy.",
            ) from error


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
            "body": body,
        }
        digest = chain_hash(head, core)
        yield Event(**core, prev_hash=head, hash=digest)  # type: ignore[arg-type]
        head = digest


def _head(conn: sa.Connection) -> tuple[int, str]:
    row = conn.execute(sa.select(_EVENT.c.seq, _EVENT.c.hash).order_by(_EVENT.c.seq.desc()).limit(1)).first()
    return (int(row[0]), str(row[1])) if row else (0, GENESIS)


def _event(row: Mapping[str, Any], path: Path) -> Event:
    try:
        return Event(**{**row, "body": json.loads(row["body"])})
    except ValueError as error:
        raise CaseError(f"event {row['seq']} of the ledger is not JSON.", file=str(path)) from error


def _roll_back(conn: sa.Connection) -> None:
    with suppress(DatabaseError):  # a full disk has already rolled the transaction back
        conn.exec_driver_sql("ROLLBACK")


def _explained(error: OperationalError, path: Path) -> CaseError:
    reason = str(error.orig)
    if "locked" in reason or "busy" in reason:
        return CaseError(
            "another hattama is writing to this case.",
            file=str(path),
            advice="Wait until it is done and try again.",
        )
    if "full" in reason:
        return CaseError(
            "the disk is full; nothing was written.", file=str(path), advice="Free some space and repeat."
        )
    if "no such table" in reason:
        return CaseError("this file is not a ledger.", file=str(path), advice="Restore it from a copy.")
    if "readonly" in reason:
        return CaseError(
            "the ledger cannot be written to.", file=str(path), advice="Check the rights of the folder."
        )
    return CaseError(f"the ledger cannot be used: {reason}.", file=str(path))
