"""Hold readings and entries against the ledger and add the protocols up again, with Python's standard library alone.

Lies beside verify.py in a bundle and is run by it. Imports nothing of hattama, and shares no line with the code
that wrote the sums: an error would have to be made twice, differently, with the same result.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

Wrong: TypeAlias = tuple[str, str, str]
"""Kind, file, message."""
_ZERO_MARKS = ("dash", "crossed", "blank")
_PERSONS = ("person", "adjudicator")
_SAID = (
    *("typed", "entered", "decided", "set_aside", "withdrawn", "reopened"),
    *("reviewer_invalidated", "review_mode", "gold_set", "norm_confirmed", "norm_withdrawn"),
)


def problems(bag: Path) -> list[Wrong]:
    """Everything that is wrong between ledger, readings, entries, cells, sums and coverage; empty if nothing is."""
    return [*_all(bag, (_readings, _entries, _cells)), *problems_of_sums(bag)]


def problems_of_sums(bag: Path) -> list[Wrong]:
    """What is wrong between cells, sums and coverage."""
    return _all(bag, (_sums, _coverage))


def _all(bag: Path, checks: tuple[Callable[[Path], Iterator[Wrong]], ...]) -> list[Wrong]:
    found: list[Wrong] = []
    for check in checks:
        try:
            found.extend(check(bag))
        except Exception as error:  # noqa: BLE001 - whoever damaged the file chose which one
            name = check.__name__.strip("_")
            found.append((name, "data", f"cannot be checked: {type(error).__name__}: {error}"))
    return found


def _json(bag: Path, name: str) -> Any:
    return json.loads((bag / "data" / name).read_bytes())


def _events(bag: Path) -> list[dict[str, Any]]:
    return _parsed((bag / "data/ledger.jsonl").read_bytes())


@lru_cache(maxsize=1)
def _parsed(ledger: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ledger.splitlines()]  # only looked at, never changed


def _readings(bag: Path) -> Iterator[Wrong]:
    written = [
        {"event": e["seq"], "time_utc": e["time_utc"], **e["body"]}
        for e in _events(bag)
        if e["kind"] == "read"
    ]
    lines = (bag / "data/readings.jsonl").read_bytes().splitlines()
    yield from _same("reading", "data/readings.jsonl", written, [json.loads(line) for line in lines])


def _entries(bag: Path) -> Iterator[Wrong]:
    """Everything that people said; what was made of it (act, what it took the place of) is told beside it."""
    written = [
        {"event": e["seq"], "time_utc": e["time_utc"], "actor": e["actor"]}
        | {key: value for key, value in e["body"].items() if key not in ("program", "lease")}
        for e in _events(bag)
        if e["kind"] in _SAID
    ]
    told = ("act", "local_offset", "supersedes", "changed")
    shown = [{k: v for k, v in row.items() if k not in told} for row in _json(bag, "entries.json")]
    yield from _same("entry", "data/entries.json", written, shown)


def _same(
    what: str, file: str, written: list[dict[str, Any]], shown: list[dict[str, Any]]
) -> Iterator[Wrong]:
    ours, theirs = ({row["event"]: row for row in rows} for rows in (written, shown))
    for event in sorted(ours.keys() | theirs.keys()):
        if event not in theirs:
            yield (what, file, f"event {event} of the ledger is left out")
        elif event not in ours:
            yield (what, file, f"event {event} is not in the ledger")
        elif ours[event] != theirs[event]:
            yield (what, file, f"event {event} is not what the ledger says")
    if len(written) != len(shown):
        yield (what, file, f"{len(shown)} instead of {len(written)}")


def _cells(bag: Path) -> Iterator[Wrong]:
    """Every number that counts was read or typed by somebody, as the ledger says; every page is accounted for."""
    pages, typed = _latest(_events(bag)), _typed(_events(bag))
    for source, rows in _reviewed(_events(bag)).items():
        typed.setdefault(source, []).extend(rows)
    placed = {(p["sha256"], p["page"]) for p in _json(bag, "coverage.json")["unassigned_pages"]}
    for contest in _json(bag, "protocols.json"):
        by_code = contest["candidates"]
        for protocol in contest["protocols"]:
            where = f"{contest['contest']} precinct {protocol['precinct']}"
            for version in protocol["versions"]:
                for sheet in version["sheets"]:
                    placed.add((sheet["source"], sheet["page"]))
                    for code, cell in sheet["cells"].items():
                        if cell["low"] == cell["high"] and not _vouched(
                            sheet, code, cell, by_code, pages, typed
                        ):
                            said = (
                                f"{where} {code}: nobody read or typed {cell['low']} from {sheet['source']}"
                            )
                            yield ("cell", "data/protocols.json", said)
                for code, cell in version["cells"].items():
                    if all(cell != sheet["cells"].get(code) for sheet in version["sheets"]):
                        said = f"{where} {code}: the version says what none of its sheets says"
                        yield ("cell", "data/protocols.json", said)
    for sha256, page in sorted(pages.keys() - placed):
        yield ("cell", "data/protocols.json", f"page {page} of {sha256} was read and is left out")


def _latest(events: list[dict[str, Any]]) -> dict[tuple[str, int], dict[str, Any]]:
    last: dict[str, dict[str, dict[int, Any]]] = {}
    for event in events:
        if event["kind"] == "read":
            body = event["body"]
            by_pipeline = last.setdefault(body["sha256"], {})
            pages = by_pipeline.pop(body["pipeline"], {})
            by_pipeline[body["pipeline"]] = pages | {body["page"]: body["reading"]}
    return {(sha, n): r for sha, by in last.items() for n, r in by[next(reversed(by))].items()}


def _typed(events: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Source of a sheet (photo, or ``typed:<event>``) -> everything that was ever typed for it."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        if event["kind"] == "typed":
            source = event["body"].get("sha256") or f"typed:{event['seq']}"
            rows.setdefault(source, []).append(event["body"])
    return rows


def _reviewed(events: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Photo -> what the review may count, as rows of :func:`_typed`: decisions, and what enough people typed alike.

    What was taken back, put back into the queue, typed by somebody whose work was declared invalid, or by whoever
    had handed the photo in, gives no row.
    """
    needed, invalid, uploads, live = 2, set(), set(), dict[tuple[str, int], list[dict[str, Any]]]()
    for event in events:
        kind, body = event["kind"], event["body"]
        place, who = (body.get("sha256") or "", body.get("page") or 1), _person(body.get("reader"))
        if kind == "received" and event["actor"].startswith("person:"):
            uploads.add((place[0], _person(event["actor"].removeprefix("person:"))))
        elif kind in ("entered", "decided"):
            row = {"seq": event["seq"], "who": who, "decides": kind == "decided", "page": place[1]}
            row |= {"fields": body.get("fields") or {}, "own": (place[0], who) in uploads}
            live.setdefault(place, []).append(row)
        elif kind == "withdrawn" and all(row["who"] == who for row in live.get(place, ())):
            live[place] = [row for row in live.get(place, ()) if row["seq"] != body["answer"]]
        elif kind == "reopened":
            live.pop(place, None)
        elif kind == "reviewer_invalidated":
            invalid.add(who)
        elif kind == "review_mode":
            needed = body["entries"]
    out: dict[str, list[dict[str, Any]]] = {}
    for place, rows in live.items():
        out.setdefault(place[0], []).extend(_settled(rows, needed, invalid))
    return out


def _settled(rows: list[dict[str, Any]], needed: int, invalid: set[str]) -> Iterator[dict[str, Any]]:
    said: dict[tuple[str, Any], set[str]] = {}
    for row in rows:
        if row["who"] in invalid or (row["own"] and needed > 1):
            continue
        for code, value in row["fields"].items():
            people = said.setdefault((code, value), set())
            people.add(row["who"])
            if row["decides"] or len(people) >= needed:
                yield {"kind": "person", "page": row["page"], "fields": {code: value}}


def _person(name: Any) -> str:
    return " ".join(unicodedata.normalize("NFKC", str(name)).casefold().split())


def _vouched(sheet: Any, code: str, cell: Any, by_code: Any, pages: Any, typed: Any) -> bool:
    value = cell["low"]
    for row in typed.get(sheet["source"], ()):
        said = row["fields"].get(code, row["fields"].get(by_code.get(code, "")))
        if cell["confirmed"] and row["kind"] not in _PERSONS:
            continue
        if sheet["page"] in (None, row.get("page") or 1) and _means(said, said, value):
            return True
    reading = pages.get((sheet["source"], sheet["page"]), {}).get("fields", {}).get(code)
    if cell["confirmed"] or reading is None or not reading["anchored"]:
        return False
    return _means(reading.get("value"), reading["mark"], value)


def _means(number: Any, mark: Any, value: int) -> bool:
    return number == value if isinstance(number, int) else value == 0 and mark in _ZERO_MARKS


def _sums(bag: Path) -> Iterator[Wrong]:
    totals = {contest["contest"]: contest for contest in _json(bag, "totals.json")["contests"]}
    contests = {contest["contest"]: contest for contest in _json(bag, "protocols.json")}
    for name in sorted(totals.keys() ^ contests.keys()):
        yield ("sum", "data/totals.json", f"{name}: in the sums or in the protocols, not in both")
    for name in sorted(totals.keys() & contests.keys()):
        own, told = _added(contests[name]), totals[name]["sums"]
        for subject in sorted(own.keys() | told.keys()):
            claimed = {key: told.get(subject, {}).get(key) for key in ("low", "high", "as_read", "confirmed")}
            if own.get(subject) != claimed:
                said = f"{name} {subject}: the protocols add up to {own.get(subject)}, not to {claimed}"
                yield ("sum", "data/totals.json", said)


def _added(contest: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Sum of each subject: lowest, highest, face value, and the part that a person has confirmed."""
    sums: dict[str, dict[str, int]] = {}
    printed = set()
    for protocol in contest["protocols"]:
        codes = {code for version in protocol["versions"] for code in version["cells"]}
        for code in codes:
            cells = [version["cells"][code] for version in protocol["versions"] if code in version["cells"]]
            low, high = min(cell["low"] for cell in cells), max(cell["high"] for cell in cells)
            counts = protocol["countable"]
            # A sheet that may repeat another one adds nothing for certain; it only raises the upper end.
            low = low if counts else min(0, low)
            values = [cell["value"] for cell in cells if cell["value"] is not None]
            sure = counts and low == high and all(cell["confirmed"] for cell in cells)
            row = sums.setdefault(code, {"low": 0, "high": 0, "as_read": 0, "confirmed": 0})
            row["low"] += low
            row["high"] += high
            row["as_read"] += max(values, default=0) if counts else 0
            row["confirmed"] += low if sure else 0
            if not all(cell["optional"] for cell in cells):
                printed.add(code)
    return {contest["candidates"].get(code, code): row for code, row in sums.items() if code in printed}


def _coverage(bag: Path) -> Iterator[Wrong]:
    contests = {contest["contest"]: contest for contest in _json(bag, "protocols.json")}
    for told in _json(bag, "coverage.json")["contests"]:
        protocols = contests.get(told["contest"], {"protocols": []})["protocols"]
        counted = sorted((p["region"], p["precinct"]) for p in protocols if p["countable"])
        shown = sorted(
            (region, number) for region, numbers in told["precincts"].items() for number in numbers
        )
        if counted != shown or told["with_protocol"] != len(counted):
            said = f"{told['contest']}: the precincts with a protocol are not those of data/protocols.json"
            yield ("coverage", "data/coverage.json", said)
