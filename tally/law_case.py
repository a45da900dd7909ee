"""The legal profile of one case: the shipped one, and what a lawyer confirmed or corrected for this case.

A confirmation is an event of the ledger and holds the whole norm as it was confirmed. A later version of the shipped
profile can therefore neither change what a lawyer put his name to nor lend his name to another text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from tally.case import Case
from tally.catalogue import LANGUAGES
from tally.election import Election
from tally.errors import UsageError
from tally.law import Law, law_file, parse_law, read_law
from tally.ledger import Event

NORM_CONFIRMED: Final = "norm_confirmed"
NORM_WITHDRAWN: Final = "norm_withdrawn"
LAW_EVENTS: Final = (NORM_CONFIRMED, NORM_WITHDRAWN)
"""Kinds of the events that the profile of a case depends on: of a long ledger nothing else need be read."""
_KINDS: Final = ("norm", "addressee")


def law_of_case(election: Election, events: Iterable[Event]) -> Law | None:
    """The profile as it stands after ``events``; ``None`` if no profile is shipped for the election.

    Raises :class:`tally.errors.FormError` if the shipped file or an entry of the ledger is broken.
    """
    path = law_file(election)
    return None if path is None else parse_law(_raw(path, events), path.name)


def confirm(case: Case, name: str, by: str, on: str, corrected: Mapping[str, Any]) -> Event:
    """Write down that the lawyer ``by`` confirmed a norm or an addressee on the day ``on`` (ISO 8601).

    ``corrected``: ``article``, ``edition``, ``days`` and ``says`` (a text per language) that the lawyer set right.

    Raises :class:`UsageError` for an unknown name, nobody, a day that is none or lies ahead, or a correction that
    the entry has no place for.
    """
    path = _path(case)
    if not by.strip():
        raise UsageError("nobody is named who confirms.", advice="Give the lawyer's name with --by.")
    _must_be_past(on)
    kind, entry = _entry(_raw(path, case.ledger.events(*LAW_EVENTS)), name, path)
    _must_fit(entry, name, corrected)
    changed = {key: {"old": entry[key], "new": new} for key, new in corrected.items() if entry[key] != new}
    entry = {**entry, **corrected, "confirmed": f"{by.strip()}, {on}"}
    body = {"kind": kind, "id": name, "by": by.strip(), "on": on, "entry": entry, "corrected": changed}
    return case.record(NORM_CONFIRMED, body)


def withdraw(case: Case, name: str, reason: str) -> Event:
    """Take a confirmation back; the shipped entry counts again, unconfirmed. Raises :class:`UsageError`."""
    if name not in _confirmed(case.ledger.events(*LAW_EVENTS)):
        raise UsageError(f"{name} is not confirmed in this case.", file=str(case.path))
    if not reason.strip():
        raise UsageError(
            "a confirmation is not taken back without a reason.", advice="Give it with --reason."
        )
    return case.record(NORM_WITHDRAWN, {"id": name, "reason": reason.strip()})


def _raw(path: Path, events: Iterable[Event]) -> dict[str, Any]:
    raw = read_law(path)
    own = _confirmed(events)
    for kind in _KINDS:
        shipped = [one["id"] for one in raw[kind]]
        raw[kind] = [own[one["id"]]["entry"] if one["id"] in own else one for one in raw[kind]]
        # A later version may drop an entry; what was confirmed stays.
        raw[kind] += [
            body["entry"] for name, body in own.items() if body["kind"] == kind and name not in shipped
        ]
    return raw


def _confirmed(events: Iterable[Event]) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for event in events:
        if event.kind == NORM_CONFIRMED:
            found[event.body["id"]] = event.body
        elif event.kind == NORM_WITHDRAWN:
            found.pop(event.body["id"], None)
    return found


def _path(case: Case) -> Path:
    path = law_file(case.election())
    if path is None:
        raise UsageError(f"no legal profile is shipped for {case.election().id}.", file=str(case.path))
    return path


def _entry(raw: Mapping[str, Any], name: str, path: Path) -> tuple[str, dict[str, Any]]:
    for kind in _KINDS:
        for one in raw[kind]:
            if one["id"] == name:
                return kind, dict(one)
    known = ", ".join(one["id"] for kind in _KINDS for one in raw[kind])
    raise UsageError(
        f"{name}: there is no such norm or addressee.", file=path.name, advice=f"Known: {known}."
    )


def _must_be_past(on: str) -> None:
    try:
        day = date.fromisoformat(on)
    except ValueError as error:
        raise UsageError(f"{on!r} is no day.", advice="Give --date as 2023-03-21.") from error
    if day > date.today():  # noqa: DTZ011 - the lawyer's calendar
        raise UsageError(f"{on} lies ahead: nothing is confirmed in advance.")


def _must_fit(entry: Mapping[str, Any], name: str, corrected: Mapping[str, Any]) -> None:
    for key in corrected:
        if key not in entry:
            raise UsageError(f"{name} has no {key} that could be corrected.")
    lacks = set(LANGUAGES) - set(corrected.get("says", LANGUAGES))
    if lacks:
        raise UsageError(
            f"the wording lacks {', '.join(sorted(lacks))}: papers in two languages would say two things.",
            advice="Give --says once for each of kk, ru and en.",
        )
    if any(not str(text).strip() for text in corrected.get("says", {}).values()):
        raise UsageError("a wording is empty.")
