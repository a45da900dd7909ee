"""The JSON documents of a bundle. Plain data from plain data; nothing is written here.

Nothing in them depends on when or where the bundle was made: the same ledger gives the same documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tally import acceptance
from tally.bundle.contents import Contents
from tally.bundle.layout import FORMAT, OFFICIAL, ORIGINALS
from tally.custody import KEPT_AS
from tally.history import acts
from tally.law_case import LAW_EVENTS
from tally.review import answers
from tally.state import RANK
from tally.totals import ContestTotals
from tally.versions import Cell, Protocol, Sheet

SAID = (
    *("typed", answers.ENTERED, answers.DECIDED, answers.SET_ASIDE, answers.WITHDRAWN, answers.REOPENED),
    *(answers.INVALIDATED, answers.MODE, answers.GOLD, *LAW_EVENTS),
)
"""Kinds of events in which a person says something about sheets, or about what another one said."""
_FOLDERS = {"original": ORIGINALS, "official": OFFICIAL}


def kept(found: Contents) -> dict[str, list[str]]:
    """Folder -> sha256 of every photo, typed table, official table and register, in order of first receipt.

    The sealed names of senders stay with the case: they are not needed to check a number.
    """
    out: dict[str, dict[str, None]] = {ORIGINALS: {}, OFFICIAL: {}}
    for event in found.events:
        if event.kind in KEPT_AS:
            out[_FOLDERS[KEPT_AS[event.kind]]][event.body["sha256"]] = None
    return {folder: list(hashes) for folder, hashes in out.items()}


def photos(found: Contents, files: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every file that was ever handed in, in order of receipt; ``files``: sha256 -> path in the bundle."""
    receipts: dict[str, list[dict[str, Any]]] = {}
    for event in found.events:
        if event.kind == "received":
            told = {"event": event.seq, "time_utc": event.time_utc, "local_offset": event.local_offset}
            told |= {"actor": event.actor, "name": event.body["name"]}
            told |= {key: event.body[key] for key in ("claims", "provenance", "look") if event.body.get(key)}
            receipts.setdefault(event.body["sha256"], []).append(told)
    return [
        {
            "sha256": photo.sha256,
            "file": files[photo.sha256],
            "size": photo.size,
            "quarantined": photo.quarantined,
            "pipelines": list(found.state.readings.get(photo.sha256, {})),
            "receipts": receipts[photo.sha256],
        }
        for photo in found.state.photos.values()
    ]


def readings(found: Contents) -> Iterator[dict[str, Any]]:
    """Every reading of every pipeline version of every page, oldest first, with its place in the ledger."""
    for event in found.events:
        if event.kind == "read":
            yield {"event": event.seq, "time_utc": event.time_utc, **event.body}


def entries(found: Contents) -> list[dict[str, Any]]:
    """Everything that people said: who, when, of which photo, why, and the values that it took the place of.

    Tables, blind entries, decisions between them, pages put aside, what was taken back or declared invalid.
    """
    out: list[dict[str, Any]] = []
    by_seq: dict[int, Mapping[str, Any]] = {event.seq: event.body for event in found.events}
    blind: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    for act in acts(found.events):
        kind, body = act.event.kind, act.event.body
        if kind not in SAID:
            continue
        place = (str(body.get("sha256")), int(body.get("page") or 1))
        if kind == answers.ENTERED:
            blind.setdefault(place, []).append(body["fields"])
        old = by_seq.get(act.supersedes or 0, {}).get("fields", {})
        changed = _decided(body, blind.get(place, [])) if kind == answers.DECIDED else _changed(body, old)
        out.append(
            {
                "event": act.event.seq,
                "act": act.act,
                "time_utc": act.event.time_utc,
                "local_offset": act.event.local_offset,
                "actor": act.event.actor,
                "supersedes": act.supersedes,
                "changed": changed,
                **{key: value for key, value in body.items() if key not in ("program", "lease")},
            }
        )
    return out


def _changed(body: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    new = body.get("fields", {})
    return {c: {"old": old[c], "new": new[c]} for c in new if c in old and old[c] != new[c]}


def _decided(body: Mapping[str, Any], blind: list[Mapping[str, Any]]) -> dict[str, Any]:
    """What a decision changed: the values of all blind entries of the sheet, where one of them is another."""
    new = body.get("fields", {})
    return {
        code: {"old": [entry.get(code) for entry in blind], "new": value}
        for code, value in new.items()
        if any(entry.get(code) != value for entry in blind)
    }


def protocols(found: Contents) -> list[dict[str, Any]]:
    """Per contest every protocol with all its versions, and for every cell what it stands for in the sum."""
    return [
        {
            "contest": contest.contest.id,
            "form": contest.contest.form,
            "candidates": dict(contest.positions.by_code),
            "protocols": [_protocol(protocol) for protocol in contest.protocols],
        }
        for contest in found.totals.contests
    ]


def _protocol(protocol: Protocol) -> dict[str, Any]:
    return {
        "region": protocol.key.region,
        "precinct": protocol.key.precinct,
        "countable": protocol.countable,
        "versions": [
            {"sheets": [_sheet(sheet) for sheet in version.sheets], "cells": _cells(version.cells)}
            for version in protocol.versions
        ],
    }


def _sheet(sheet: Sheet) -> dict[str, Any]:
    return {
        "source": sheet.source,
        "page": sheet.page.page if sheet.page is not None else None,
        "name": sheet.name,
        "accepted": sheet.accepted,
        "doubt": sheet.doubt,
        "district_read": sheet.district_read,
        "positions_conflict": sheet.positions_conflict,
        "cells": _cells(sheet.cells),
    }


def _cells(cells: Mapping[str, Cell]) -> dict[str, dict[str, Any]]:
    return {
        code: {
            **cell.span.to_dict(),
            "value": cell.value,
            "confirmed": cell.confirmed,
            "optional": cell.optional,
            "settled": cell.settled,
        }
        for code, cell in cells.items()
    }


def coverage(found: Contents) -> dict[str, Any]:
    """Which precincts have a protocol, how many are missing as far as anybody knows, and what counts nowhere."""
    return {
        "contests": [_covered(contest) for contest in found.totals.contests],
        "unassigned_pages": [page.to_dict() for page in found.totals.unassigned],
        "quarantined": [p.sha256 for p in found.state.photos.values() if p.quarantined is not None],
        "not_read": [
            p.sha256
            for p in found.state.photos.values()
            if p.quarantined is None and p.sha256 not in found.state.readings
        ],
    }


def _covered(contest: ContestTotals) -> dict[str, Any]:
    by_region: dict[str, list[int]] = {}
    for protocol in contest.protocols:
        if protocol.countable and protocol.key.precinct is not None:
            by_region.setdefault(protocol.key.region, []).append(protocol.key.precinct)
    return {
        "contest": contest.contest.id,
        "with_protocol": contest.with_protocol,
        "total": contest.total,
        "missing": contest.missing,
        "missing_precincts": [one.to_dict() for one in contest.coverage.missing]
        if contest.coverage
        else None,
        "unlisted_precincts": [one.to_dict() for one in contest.coverage.unlisted]
        if contest.coverage
        else None,
        "precincts": {region: sorted(numbers) for region, numbers in sorted(by_region.items())},
    }


def config(found: Contents) -> dict[str, Any]:
    """Settings and thresholds under which the sums were made."""
    return {
        "format": FORMAT,
        "election": found.election.id,
        "districts": list(found.state.districts),
        "note": found.note,
        "made_at_event": found.latest.seq,
        "made_at": found.latest.time_utc,
        "thresholds": {
            "cell": acceptance.CELL_THRESHOLD,
            "witnessed_cell": acceptance.WITNESSED_THRESHOLD,
            "lone_cell": acceptance.LONE_CELL_THRESHOLD,
            "lone_cell_alone": acceptance.LONE_CELL_ALONE_THRESHOLD,
            "form": acceptance.FORM_THRESHOLD,
        },
        "rank": dict(RANK),
    }


def findings(found: Contents) -> dict[str, Any]:
    """The object of ``hattama diff --json``."""
    return {
        "findings": [finding.to_dict() for finding in found.findings],
        "residuals": [one.to_dict() for one in found.residuals],
    }
