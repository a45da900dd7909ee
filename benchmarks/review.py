"""The review page under load, on loopback: reviewers type, phones send photos, the server is killed in the middle.

20 reviewers and 50 uploads a minute are what a headquarters has on its worst night. Every act that the server
acknowledged before ``kill -9`` must be in the ledger afterwards.
"""

from __future__ import annotations

import io
import math
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2 as httpx
from PIL import Image

from cli.review.accounts import Accounts
from cli.review.roles import Role
from tally.case import Case, create_case, open_case
from tally.checks import run_checks, spans_of
from tally.form import load_form
from tally.model import Mark, PageReading, Quad, Reading, Status

ROOT = Path(__file__).resolve().parent.parent
FORM = "kz-2023-majilis-smd"
QUAD: Quad = ((40, 40), (400, 40), (400, 90), (40, 90))
CODES = (
    "voters_listed", "ballots_received", "ballots_issued", "voted_outside", "voted_absentee", "ballots_cancelled",
    "ballots_found", "ballots_invalid", "ballots_valid", "votes.1", "votes.2", "votes.3", "against_all",
)  # fmt: skip


@dataclass
class Load:
    """What was seen."""

    pages: list[float] = field(default_factory=list)
    """Seconds of each request for a page."""
    pictures: list[float] = field(default_factory=list)
    """Seconds until the whole page and all crops of a sheet were there."""
    writes: list[float] = field(default_factory=list)
    """Seconds of each entry and each piece of a photo."""
    entries: set[int] = field(default_factory=set)
    """Numbers of the events that the server acknowledged."""
    photos: set[str] = field(default_factory=set)
    failed: int = 0
    cpu_seconds: float = 0.0
    """What the server itself took, workers not counted: tells more than times on a busy computer."""


def review_load(seconds: float = 40.0, reviewers: int = 20, uploads_per_minute: int = 50) -> dict[str, Any]:
    """Run the load twice, with ``kill -9`` in between; returns figures in ms and what was lost."""
    with tempfile.TemporaryDirectory() as folder:
        case = _filled(Path(folder) / "case", 300)
        accounts = Accounts(case)
        tokens = [accounts.invite(f"r{n}", Role.REVIEWER, "bench")[1] for n in range(reviewers)]
        phone = accounts.invite("phone", Role.OBSERVER, "bench")[1]
        sessions = [accounts.join(token) or "" for token in (*tokens, phone)]
        first, second = Load(), Load()
        port = 8790
        for load in (first, second):
            server = _serve(case, port)
            before = _cpu_seconds(server.pid)
            try:
                _run(load, port, sessions, seconds, uploads_per_minute)
                load.cpu_seconds = _cpu_seconds(server.pid) - before
            finally:
                os.kill(server.pid, signal.SIGKILL)
                server.wait()
            port += 1
        events = {e.seq for e in case.ledger.events("entered")}
        stored = {e.body["sha256"] for e in case.ledger.events("received")}
        lost = len((first.entries | second.entries) - events) + len((first.photos | second.photos) - stored)
        case.ledger.verify()
        return {
            "what": "review",
            "sheets": 300,
            "reviewers": reviewers,
            "uploads_per_minute": uploads_per_minute,
            "seconds": seconds,
            "before": _figures(first),
            "after_kill": _figures(second),
            "lost": lost,
        }


def _figures(load: Load) -> dict[str, Any]:
    return {
        "pages": len(load.pages),
        "pages_p50_ms": _percentile(load.pages, 0.5),
        "pages_p95_ms": _percentile(load.pages, 0.95),
        "pictures": len(load.pictures),
        "pictures_p95_ms": _percentile(load.pictures, 0.95),
        "writes": len(load.writes),
        "writes_p95_ms": _percentile(load.writes, 0.95),
        "entries": len(load.entries),
        "photos": len(load.photos),
        "failed": load.failed,
        "cpu_ms_per_request": round(1000 * load.cpu_seconds / max(1, _requests(load)), 1),
        "load_average": round(os.getloadavg()[0], 1),
    }


def _requests(load: Load) -> int:
    return len(load.pages) + len(load.writes) + len(load.pictures) * (1 + len(CODES))


def _cpu_seconds(pid: int) -> float:
    """User and system time of a process; 0 where there is no ``/proc``."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _percentile(values: list[float], share: float) -> float | None:
    ordered = sorted(values)
    return round(ordered[math.ceil(share * len(ordered)) - 1] * 1000, 1) if ordered else None


def _run(load: Load, port: int, sessions: list[str], seconds: float, uploads_per_minute: int) -> None:
    end = time.monotonic() + seconds
    threads = [
        threading.Thread(target=_reviewer, args=(load, port, session, end, number))
        for number, session in enumerate(sessions[:-1])
    ]
    pause = 60 / uploads_per_minute
    threads.append(threading.Thread(target=_phone, args=(load, port, sessions[-1], end, pause)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _client(port: int, session: str) -> httpx.Client:
    base = f"http://127.0.0.1:{port}"
    return httpx.Client(base_url=base, headers={"Origin": base}, cookies={"session": session}, timeout=30)


def _reviewer(load: Load, port: int, session: str, end: float, number: int) -> None:
    """Types a sheet in some four seconds: far faster than a person."""
    with _client(port, session) as web:
        time.sleep(number * 0.2)
        while time.monotonic() < end:
            try:
                task = _timed(load.writes, web, "POST", "/api/next", json={}).json().get("task")
                if not task:
                    return
                _timed(load.pages, web, "GET", f"/task/{task}")
                began = time.monotonic()
                for name in ("page.jpg?turn=0", *(f"cell/{code}.png" for code in CODES)):
                    web.get(f"/task/{task}/{name}")
                load.pictures.append(time.monotonic() - began)
                _timed(load.pages, web, "GET", "/")
                body = {"contest": "smd-27", "district": "27", "region": "turkistan", "precinct": "7"}
                body |= dict.fromkeys(CODES, "10")
                time.sleep(4)
                saved = _timed(load.writes, web, "POST", f"/api/task/{task}", json=body)
                if saved.status_code == 200:
                    load.entries.add(saved.json()["saved"])
                else:
                    load.failed += 1
            except httpx.HTTPError:
                load.failed += 1


def _phone(load: Load, port: int, session: str, end: float, pause: float) -> None:
    with _client(port, session) as web:
        while time.monotonic() < end:
            began = time.monotonic()
            try:
                data = _jpeg(time.monotonic_ns())
                made = web.post("/api/upload/begin", json={"name": "a.jpg", "size": len(data)}).json()
                kind = {"Content-Type": "application/octet-stream"}
                path = f"/upload/{made['upload']}"
                for at in range(0, len(data), 2**19):
                    piece, url = data[at : at + 2**19], f"{path}/chunk?offset={at}"
                    _timed(load.writes, web, "POST", url, content=piece, headers=kind)
                done = web.post(f"/api{path}/finish", json={})
                load.photos.add(done.json()["receipt"]["sha256"])
            except (httpx.HTTPError, KeyError):
                load.failed += 1
            time.sleep(max(0.0, pause - (time.monotonic() - began)))


def _timed(into: list[float], web: httpx.Client, method: str, url: str, **body: Any) -> httpx.Response:
    began = time.monotonic()
    answer = web.request(method, url, **body)
    into.append(time.monotonic() - began)
    return answer


def _serve(case: Case, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "cli", "review", str(case.path), "--reader", "bench", "--accounts"]
    server = subprocess.Popen(
        [*command, "--port", str(port)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    for _ in range(240):
        try:
            httpx.get(f"http://127.0.0.1:{port}/join", timeout=5)
        except httpx.HTTPError:
            time.sleep(0.25)
        else:
            return server
    raise RuntimeError("the page did not start")


def _filled(path: Path, sheets: int) -> Case:
    from cli.reading import pipeline_version

    case = create_case(path, "kz-2023-majilis", [27])
    for number in range(sheets):
        added = case.add_bytes(_jpeg(number), f"{number}.jpg")
        case.record_pages(added.sha256, [_page(added.sha256, number)], pipeline_version())
    return open_case(path)


def _page(sha256: str, number: int) -> PageReading:
    reading = Reading(Mark.READ, number % 50, 0.4, quad_px=QUAD, anchored=True)
    header = {code: Reading(Mark.READ, value, 0.999, anchored=True, agreed=True, quad_px=QUAD)
              for code, value in (("precinct", number + 1), ("district", 27))}  # fmt: skip
    fields = dict.fromkeys(CODES, reading)
    form = load_form(FORM)
    checks = tuple(run_checks(form, spans_of(form, fields)))
    return PageReading(
        f"{number}.jpg", 1, sha256, FORM, 0.97, Status.REVIEW, header=header, fields=fields, checks=checks
    )


def _jpeg(seed: int) -> bytes:
    """A picture of 800 KB that no other seed gives."""
    out = io.BytesIO()
    rows = (seed.to_bytes(8, "big") * 96) + os.urandom(640 * 480 * 3 - 768)
    Image.frombytes("RGB", (640, 480), rows).save(out, "JPEG", quality=90)
    return out.getvalue()
