"""Power cuts, full disks and rivals: what was acknowledged stays, what fails says so, nothing is half there."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.kills import run
from tally.case import Case, create_case, open_case
from tally.custody import check_case

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_three_racing_writers_are_killed_and_something_acknowledged_is_lost(tmp_path: Path) -> None:
    """The full measure, 201 kills: python -m benchmarks ledger."""
    report = run(tmp_path / "case", 9, slice_seconds=0.2)

    assert report.kills == 9
    assert report.acknowledged > 0
    assert report.lost == []
    assert report.problems == []


FILL = """
import resource, sys
from pathlib import Path
from tally.case import open_case
from tally.errors import CaseError
case = open_case(Path(sys.argv[1]), actor="user:test")
if sys.argv[2] != "0":
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
for number in range(10_000):
    try:
        print(case.add_bytes(b"%d " % number * 500, f"{number}.jpg").sha256, flush=True)
    except CaseError as error:
        print("stopped", error, flush=True)
        break
"""


def fill(case: Path, limit: int) -> tuple[list[str], str]:
    """Add files until something gives; the hashes acknowledged, and what was said in the end."""
    done = subprocess.run(
        [sys.executable, "-c", FILL, str(case), str(limit)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    *hashes, last = done.stdout.splitlines()
    assert last.startswith("stopped "), last
    return hashes, last


def nothing_is_lost(case: Case, hashes: list[str]) -> None:
    checked = check_case(case)
    assert checked.problems == []
    received = {event.body["sha256"] for event in case.ledger.events("received")}
    assert set(hashes) <= received
    assert case.add_bytes(b"after", "after.jpg").outcome == "new"


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 2 MB; the test is skipped where none can be mounted."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder]
        try:
            mounted = subprocess.run(command, capture_output=True, text=True, check=False)
        except OSError as error:
            pytest.skip(f"no small disk can be mounted here: {error}")
        if mounted.returncode:
            pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)


def test_a_full_disk_loses_what_was_acknowledged(small_disk: Path) -> None:
    case = create_case(small_disk / "case", "kz-2023-majilis", [27], actor="user:test")
    hashes, said = fill(case.path, 0)

    assert len(hashes) > 20
    assert "the disk is full" in said
    assert check_case(case).problems == []
    subprocess.run(["mount", "-o", "remount,size=4m", str(small_disk)], check=True)
    nothing_is_lost(open_case(case.path), hashes)


def test_a_disk_that_stops_taking_writes_loses_what_was_acknowledged(tmp_path: Path) -> None:
    """A limit on the size of one file stands in for a quota: the ledger is the largest file and hits it first."""
    case = create_case(tmp_path / "case", "kz-2023-majilis", [27], actor="user:test")
    size = case.ledger.path.stat().st_size
    hashes, said = fill(case.path, size + 60_000)

    assert len(hashes) > 5
    assert "disk" in said
    nothing_is_lost(open_case(case.path), hashes)


HOLD = """
import sqlite3, sys
conn = sqlite3.connect(sys.argv[1], isolation_level=None)
conn.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
"""


def test_a_second_process_is_told_so_and_reading_goes_on(tmp_path: Path) -> None:
    case = create_case(tmp_path / "case", "kz-2023-majilis", [27], actor="user:test")
    (tmp_path / "a.jpg").write_bytes(b"a")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(case.ledger.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    holder.stdout.readline()

    def hattama(*args: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "cli", *args]
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120, check=False)

    refused = hattama("add", str(case.path), str(tmp_path / "a.jpg"))
    listed = hattama("log", str(case.path))
    holder.communicate("done\n", timeout=30)

    assert refused.returncode == 15
    assert "another hattama is writing to this case" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert listed.returncode == 0
    assert check_case(case).problems == []
