"""A case: one working folder with the originals, the official tables and the ledger of all that happened.

::

    case.toml                        election, districts
    ledger.sqlite                    append-only history, see tally.ledger
    originals/<ab>/<sha256>          photos and PDFs, bytes as received
    official/<sha256>                published tables, bytes as received
    sealed/*.age                     names of people, encrypted, see tally.sealed
    election/                        files of an election that is not shipped
"""

from __future__ import annotations

import getpass
import io
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from tally.election import OWN, Election, is_own, load_election, own_files, own_hashes
from tally.errors import CaseError, UsageError
from tally.ledger import Event, Ledger
from tally.model import PageReading
from tally.sealed import check_recipient
from tally.store import Store, Stored

FORMAT = 1
"""Version of the folder layout."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file that was handed in."""

    outcome: str
    """``new``, ``duplicate`` or ``quarantined``."""
    sha256: str
    name: str
    """The file name as claimed by whoever handed it in."""
    size: int
    reason: str = ""
    """Why it is in quarantine; empty otherwise."""


@dataclass(frozen=True, slots=True)
class Case:
    """An open case. Reading is free to anyone at any time; writing goes through the ledger, one at a time."""

    path: Path
    election_id: str
    """Id of a shipped election, or :data:`tally.election.OWN`."""
    districts: tuple[int, ...]
    """Districts of the case; empty means all of the election."""
    actor: str
    """Who is named in the events written through this object."""
    note: str
    ledger: Ledger
    originals: Store
    official: Store
    recipients: tuple[str, ...] = ()
    """Public age keys for which names of people are sealed; without one they are not kept."""

    @property
    def election_at(self) -> str:
        """What :func:`load_election` takes: an id, or the folder of the case's own election."""
        return f"{self.path / OWN}/" if self.election_id == OWN else self.election_id

    def election(self) -> Election:
        """The election of this case, from the shipped data or from its own folder."""
        return load_election(self.election_at)

    def add_photo(
        self,
        source: Path | bytes | BinaryIO,
        name: str | None = None,
        *,
        quarantine_reason: str | None = None,
        claims: Mapping[str, Any] | None = None,
    ) -> Added:
        """Store the bytes, then say so in the ledger. Identical bytes add a receipt, not a file.

        ``name`` is kept as given, ``claims`` (sender, time ... of a messenger) likewise: both are claims,
        not facts. ``quarantine_reason`` says why the bytes cannot be decoded; they are kept all the same.
        """
        stored, claimed = self._store(source, name)
        return self.receive(stored, claimed, quarantine_reason=quarantine_reason, claims=claims)

    def keep(self, data: bytes) -> Stored:
        """Put bytes on disk, without a word in the ledger yet: :meth:`receive` says it once they were looked at."""
        return self.originals.put(io.BytesIO(data))

    def receive(
        self,
        stored: Stored,
        name: str,
        *,
        quarantine_reason: str | None = None,
        claims: Mapping[str, Any] | None = None,
        seen: Mapping[str, Any] | None = None,
    ) -> Added:
        """Say in the ledger that these stored bytes were handed in.

        ``seen``: further keys of the event, such as ``provenance`` and ``look``. The rest as in :meth:`add_photo`.
        """
        body: dict[str, Any] = {
            "sha256": stored.sha256,
            "size": stored.size,
            "name": name,
            "outcome": "new" if self._first_receipt(stored) else "duplicate",
        }
        if claims:
            body["claims"] = dict(claims)
        entries: list[tuple[str, Mapping[str, Any]]] = [("received", body | dict(seen or {}))]
        if quarantine_reason is not None:
            entries.append(("quarantined", {"sha256": stored.sha256, "reason": quarantine_reason}))
        self.ledger.append_all(entries, actor=self.actor)
        outcome = "quarantined" if quarantine_reason is not None else body["outcome"]
        return Added(outcome, stored.sha256, name, stored.size, quarantine_reason or "")

    def add_bytes(
        self,
        data: bytes,
        name: str,
        quarantine_reason: str | None = None,
        claims: Mapping[str, Any] | None = None,
    ) -> Added:
        """:meth:`add_photo` for bytes in memory."""
        return self.add_photo(data, name, quarantine_reason=quarantine_reason, claims=claims)

    def quarantine(self, sha256: str, reason: str) -> Event:
        """Say that a stored file cannot be decoded, and why. It stays where it is."""
        self._must_hold(sha256)
        return self.ledger.append("quarantined", {"sha256": sha256, "reason": reason}, actor=self.actor)

    def photo_bytes(self, sha256: str) -> bytes:
        """The original bytes, checked against their hash. Raises :class:`CaseError` if missing or damaged."""
        return self.originals.read(sha256)

    def record_pages(self, sha256: str, pages: Sequence[PageReading], pipeline: str) -> tuple[Event, ...]:
        """Write what one pipeline version read in one file: all of its pages or none."""
        self._must_hold(sha256)
        for page in pages:
            if page.sha256 != sha256:
                raise CaseError(
                    f"page {page.page} was read from other bytes than {sha256[:12]}.", file=page.file
                )
        entries = [
            ("read", {"sha256": sha256, "page": page.page, "pipeline": pipeline, "reading": page.to_dict()})
            for page in pages
        ]
        return self.ledger.append_all(entries, actor=self.actor) if entries else ()

    def record(self, kind: str, body: Mapping[str, Any]) -> Event:
        """Write one event of any other kind."""
        return self.ledger.append(kind, body, actor=self.actor)

    def _store(self, source: Path | bytes | BinaryIO, name: str | None) -> tuple[Stored, str]:
        if isinstance(source, bytes):
            return self.originals.put(io.BytesIO(source)), name or ""
        if not isinstance(source, Path):
            return self.originals.put(source), name or ""
        try:
            with source.open("rb") as file:
                return self.originals.put(file), name if name is not None else source.name
        except OSError as error:
            raise UsageError(f"cannot be read: {error.strerror}.", file=str(source)) from error

    def _first_receipt(self, stored: Stored) -> bool:
        # Bytes without an event are the trace of a crash between the two: then this is their first receipt.
        if stored.new:
            return True
        return not self.ledger.names_file("received", stored.sha256)

    def _must_hold(self, sha256: str) -> None:
        if sha256 not in self.originals:
            raise CaseError(f"no photo with sha256 {sha256[:12]}… in this case.", file=str(self.path))


def create_case(
    path: Path,
    election: str,
    districts: Sequence[int] = (),
    *,
    actor: str | None = None,
    note: str = "",
    recipients: Sequence[str] = (),
) -> Case:
    """Make the folder of a new case. Of an election of one's own (a path) the case keeps a copy.

    Raises :class:`CaseError` if there is one already, :class:`tally.errors.FormError` for an unknown
    election and :class:`UsageError` for a district that the election does not have.
    """
    known = {contest.district for contest in load_election(election).contests if contest.district is not None}
    if unknown := sorted(set(districts) - known):
        raise UsageError(
            f"election {election} has no district {', '.join(map(str, unknown))}.",
            advice=f"It has {', '.join(map(str, sorted(known))) or 'no districts'}.",
        )
    if (path / "case.toml").exists() or (path / "ledger.sqlite").exists():
        raise CaseError(
            "there is a case in this folder already.", file=str(path), advice="Choose another folder."
        )
    chosen = tuple(sorted(set(districts)))
    keys = tuple(check_recipient(key) for key in recipients)
    try:
        path.mkdir(parents=True, exist_ok=True)
        (path / "originals").mkdir(exist_ok=True)
        (path / "official").mkdir(exist_ok=True)
        files = _keep_election(Path(election), path / OWN) if is_own(election) else {}
        election = OWN if files else election
        ledger = Ledger.create(path / "ledger.sqlite")
        body = {"format": FORMAT, "election": election, "districts": list(chosen), "note": note}
        ledger.append("case_created", body | files, actor=actor or _user())
        # Written last: a folder without case.toml is not a case.
        (path / "case.toml").write_text(_case_toml(election, chosen, note, keys), encoding="utf-8")
    except OSError as error:
        raise CaseError(f"the case folder cannot be made: {error.strerror}.", file=str(path)) from error
    return open_case(path, actor=actor)


def _keep_election(folder: Path, kept: Path) -> dict[str, Any]:
    """Copy the files of an own election, and say for the ledger which they are."""
    for name, file in own_files(folder).items():
        (kept / name).parent.mkdir(parents=True, exist_ok=True)
        (kept / name).write_bytes(file.read_bytes())
    return {"election_files": own_hashes(kept)}


def open_case(path: Path, *, actor: str | None = None) -> Case:
    """Open an existing case folder. Raises :class:`CaseError` if it is none or is damaged."""
    settings = _settings(path)
    return Case(
        path=path,
        election_id=settings["election"],
        districts=tuple(settings["districts"]),
        actor=actor or _user(),
        note=settings["note"],
        ledger=Ledger.open(path / "ledger.sqlite"),
        originals=Store(path / "originals"),
        official=Store(path / "official", flat=True),
        recipients=tuple(settings["recipients"]),
    )


def _settings(path: Path) -> dict[str, Any]:
    file = path / "case.toml"
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        settings = {
            "election": str(data["election"]),
            "districts": [int(number) for number in data["districts"]],
            "note": str(data.get("note", "")),
        }
        recipients = [check_recipient(str(key)) for key in data.get("recipients", [])]
        version = int(data["format"])
    except OSError as error:
        advice = "Make one with `hattama new`."
        raise CaseError(
            "this folder is not a case: it has no readable case.toml.", file=str(path), advice=advice
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise CaseError(f"case.toml is damaged: {error}.", file=str(file)) from error
    if version > FORMAT:
        raise CaseError("this case was made by a newer hattama.", file=str(file), advice="Use that version.")
    return settings | {"recipients": recipients}


def _case_toml(election: str, districts: Sequence[int], note: str, recipients: Sequence[str]) -> str:
    lines = [f"format = {FORMAT}", f"election = {_quoted(election)}", f"districts = {list(districts)}"]
    if note:
        lines.append(f"note = {_quoted(note)}")
    if recipients:
        lines.append(f"recipients = [{', '.join(map(_quoted, recipients))}]")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # A JSON string is a TOML basic string, but for DEL and for escaped pairs of surrogates.
    return json.dumps(text.replace("\x7f", ""), ensure_ascii=False)


def _user() -> str:
    try:
        return f"user:{getpass.getuser()}"
    except (OSError, KeyError, ImportError):
        return "user:unknown"
