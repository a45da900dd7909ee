"""What of the ledger is SQLite's own: how a connection is set up, guarded, locked, explained and read raw.

Journal mode: the rollback journal (``DELETE``), not WAL. SQLite 3.7.0 to 3.51.2 can damage a WAL database when
two connections write and checkpoint at the same moment, and Python links whatever SQLite the machine has.
``synchronous=EXTRA`` also flushes the folder after the journal is gone: what was acknowledged is still there
after a power cut.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from tally.errors import CaseError

GUARDS = {
    "event_no_update": """CREATE TRIGGER event_no_update BEFORE UPDATE ON event
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    "event_no_delete": """CREATE TRIGGER event_no_delete BEFORE DELETE ON event
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    # Also stops INSERT OR REPLACE, which would not fire the delete trigger.
    "event_in_order": """CREATE TRIGGER event_in_order BEFORE INSERT ON event
        WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM event)
          OR NEW.prev_hash <> coalesce((SELECT hash FROM event ORDER BY seq DESC LIMIT 1), printf('%064d', 0))
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
}
"""Triggers by name: the database itself refuses to change history."""

COLUMNS = ("seq", "time_utc", "local_offset", "actor", "kind", "body", "prev_hash", "hash")

RawRow: TypeAlias = tuple[int, tuple[object, ...] | None]
"""A row as it lies in the file: its number and its values (texts as bytes), ``None`` if it cannot be read."""

# A flipped bit in a name within the file ends as the second.
_DAMAGE = (sqlite3.DatabaseError, UnicodeDecodeError)
_SMALLEST_EVENT = 128  # bytes: two hashes alone are that long


def engine(path: Path, wait_seconds: float) -> sa.Engine:
    """Connections that wait so long for another writer. No pool: a lock must not outlive its command."""
    return sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        poolclass=NullPool,
        connect_args={"timeout": wait_seconds, "isolation_level": None},
    )


def prepare(conn: sa.Connection) -> None:
    """Settings of every connection."""
    conn.exec_driver_sql("PRAGMA journal_mode=DELETE")
    conn.exec_driver_sql("PRAGMA synchronous=EXTRA")


def guard(conn: sa.Connection) -> None:
    """Make a new table append-only."""
    for trigger in GUARDS.values():
        conn.exec_driver_sql(trigger)


def begin(conn: sa.Connection) -> None:
    """Take the right to write before anything is read: two writers never build on the same head."""
    conn.exec_driver_sql("BEGIN IMMEDIATE")


def explained(error: DatabaseError, path: Path) -> CaseError:
    """What went wrong, in words that say what to do."""
    reason, file = str(error.orig), str(path)
    if "locked" in reason or "busy" in reason:
        return CaseError(
            "another hattama is writing to this case.",
            file=file,
            advice="Wait until it is done and try again.",
        )
    if "full" in reason:
        return CaseError(
            "the disk is full; nothing was written.", file=file, advice="Free some space and repeat."
        )
    if "disk I/O" in reason or "unable to open" in reason:
        return CaseError(
            "the disk does not take what is written to it; nothing was written.",
            file=file,
            advice="It may be full, over a quota, read-only or failing. Free space or copy the case elsewhere.",
        )
    if "no such table" in reason:
        return CaseError("this file is not a ledger.", file=file, advice="Restore it from a copy.")
    if "readonly" in reason:
        return CaseError(
            "the ledger cannot be written to.", file=file, advice="Check the rights of the folder."
        )
    return CaseError(f"the ledger cannot be used: {reason}.", file=file, advice="Restore it from a copy.")


def missing_guards(path: Path) -> tuple[str, ...]:
    """Names of triggers that are gone or changed."""
    try:
        with closing(_read_only(path)) as conn:
            query = "SELECT name, sql FROM sqlite_master WHERE type='trigger'"
            found = {_text(name): _text(sql) for name, sql in conn.execute(query)}
    except _DAMAGE:
        return tuple(GUARDS)
    return tuple(name for name, sql in GUARDS.items() if found.get(name) != sql)


def file_damage(path: Path) -> tuple[str, ...]:
    """What SQLite's own check says against the file, at most 20 lines; empty if nothing."""
    try:
        with closing(_read_only(path)) as conn:
            lines = [_text(row[0]) for row in conn.execute("PRAGMA integrity_check(20)")]
    except _DAMAGE as error:
        return (str(error),)
    return () if lines == ["ok"] else tuple(line for text in lines for line in text.splitlines())


def raw_rows(path: Path) -> Iterator[RawRow]:
    """Every row of the table in the order of the file, also of a damaged one: what cannot be read is named.

    Values are not decoded and not checked. Numbers of rows that are simply not there are left out.
    """
    with closing(_read_only(path)) as conn:
        seq, last = 0, _last(conn, path)
        query = f"SELECT {', '.join(COLUMNS)} FROM event WHERE seq > ? ORDER BY seq"  # noqa: S608 - constants
        while True:
            try:
                for row in conn.execute(query, (seq,)):
                    seq = row[0]
                    yield seq, tuple(row)
                return
            except _DAMAGE:
                seq += 1
                if seq > last:
                    return
                yield seq, None


def _last(conn: sqlite3.Connection, path: Path) -> int:
    try:
        return int(conn.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()[0])
    except _DAMAGE:
        return path.stat().st_size // _SMALLEST_EVENT


def _read_only(path: Path) -> sqlite3.Connection:
    conn = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    conn.text_factory = bytes
    return conn


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
