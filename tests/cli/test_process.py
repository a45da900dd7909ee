"""The command as a process: exit codes as a shell sees them, signals, and files that attack decoders."""

from __future__ import annotations

import io
import json
import os
import signal
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from tally.case import Case, open_case
from tally.state import state
from tests.cli.conftest import ROOT, Shell, jpeg

SLOW = """
import signal
import cli.reading, cli.commands.read, cli.scanning, cli.status
from tests.cli.fakes import slow_read_one

cli.scanning.read_one = slow_read_one
for module in (cli.reading, cli.commands.read, cli.status):
    module.pipeline_version = lambda: "fake"
from cli.main import run
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background passes on that it ignores it
run()
"""


def png_bomb(side: int = 60_000) -> bytes:
    """A PNG of a few hundred bytes that claims 3,600 million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99_999))
        + chunk(b"IEND", b"")
    )


def truncated_jpeg() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((400, 300), 60).convert("RGB").save(out, "JPEG")
    return out.getvalue()[: out.tell() // 3]


def long_pdf(pages: int = 500) -> bytes:
    document, out = pypdfium2.PdfDocument.new(), io.BytesIO()
    for _ in range(pages):
        document.new_page(100, 100)
    document.save(out)
    document.close()
    return out.getvalue()


def test_every_kind_of_bad_file_gets_its_own_message_and_the_batch_goes_on(
    shell: Shell, tmp_path: Path
) -> None:
    bad = {
        "empty.jpg": (b"", "empty"),
        "text.jpg": (b"votes 12\n" * 50, "text"),
        "bomb.png": (png_bomb(), "pixels"),
        "half.jpg": (truncated_jpeg(), "cut off"),
        "book.pdf": (long_pdf(), "500 pages"),
        "zip.jpg": (b"PK\x03\x04" + b"\0" * 60, "zip"),
    }
    for name, (data, _) in bad.items():
        (tmp_path / name).write_bytes(data)
    names = [*bad, "gone.jpg"]

    done = shell("scan", *(tmp_path / name for name in names), "--json", "--jobs", 2)

    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 4
    assert [Path(line["file"]).name for line in lines] == names
    assert {line["status"] for line in lines} == {"unreadable"}
    for line, (_, word) in zip(lines, bad.values(), strict=False):
        assert word in line["error"], line
    assert "no such file" in lines[-1]["error"]
    assert "Traceback" not in done.stderr


def test_an_unexpected_error_is_one_line_and_15(tmp_path: Path) -> None:
    program = "import cli.commands.forms as f\ndef boom(): raise RuntimeError('x')\nf.shipped_forms = boom\n"
    program += "from cli.main import run\nrun()"
    command = [sys.executable, "-c", program, "forms", "list"]

    plain = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    debug = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        env={**os.environ, "HATTAMA_DEBUG": "1"},
    )

    assert (plain.returncode, debug.returncode) == (15, 15)
    assert len(plain.stderr.splitlines()) == 1
    assert "HATTAMA_DEBUG=1" in plain.stderr
    assert "Traceback" in debug.stderr


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("forms", "list"), 0),
        (("status", "gone"), 15),
        (("scan", "a.jpg", "--form", "xx"), 5),
        (("scan",), 2),
    ],
)
def test_the_shell_sees_the_exit_code(shell: Shell, args: tuple[str, ...], code: int) -> None:
    done = shell(*args)

    assert done.returncode == code
    assert bool(done.stderr) == bool(code)


def test_a_reader_that_goes_away_is_no_traceback(shell: Shell) -> None:
    command = f"{sys.executable} -m cli elections show kz-2023-majilis --json | head -1"

    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=ROOT, check=False)

    assert done.stdout == "{\n"
    assert "Traceback" not in done.stderr


def slow_read(case: Case) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, "read", str(case.path), "--jobs", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stderr is not None
    before = len(list(case.ledger.events("read")))
    assert process.stderr.readline().startswith("reading")
    deadline = time.monotonic() + 30
    while len(list(case.ledger.events("read"))) == before:  # until the first file is in the ledger
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return process


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_reading_can_be_stopped_at_any_time_and_goes_on_where_it_was(
    case: Case, sent: signal.Signals, code: int
) -> None:
    for n in range(1, 5):
        case.add_bytes(jpeg(20 * n), f"p{n}.jpg")

    process = slow_read(case)
    process.send_signal(sent)
    process.communicate(timeout=30)
    read_before = 4 - len(state(case).unread("fake"))
    again = slow_read(case) if read_before < 3 else None
    if again is not None:
        again.communicate(timeout=30)

    assert process.returncode == code
    assert 1 <= read_before < 4
    assert state(case).unread("fake") == ()
    assert len(list(case.ledger.events("read"))) == 4
    open_case(case.path).ledger.verify()


def test_workers_leave_when_their_parent_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "main.py"
    program.write_text(
        "import os, time\n"
        "from cli.pool import run_all\n"
        "def work(n):\n"
        "    print(os.getpid(), flush=True)\n"
        "    time.sleep(60)\n"
        "if __name__ == '__main__':\n"
        "    list(run_all(work, [1, 2], 2))\n"
    )
    process = subprocess.Popen(
        [sys.executable, str(program)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    workers = [int(process.stdout.readline()) for _ in range(2)]

    process.kill()
    process.communicate()

    until = time.monotonic() + 10
    while any(alive(pid) for pid in workers) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(alive(pid) for pid in workers)


def alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    return "State:\tZ" not in status


def test_review_says_that_its_port_is_taken(shell: Shell, case: Case) -> None:
    import socket

    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        done = shell("review", case.path, "--reader", "A", "--port", busy.getsockname()[1])

    assert done.returncode == 2
    assert "--port" in done.stderr


@pytest.mark.slow
def test_a_photo_of_another_form_is_never_accepted(shell: Shell) -> None:
    photo = ROOT / "samples" / "photos" / "district-27-1.jpg"

    done = shell("scan", photo, "--form", "kz-2023-majilis-party", "--json")  # its nearest twin

    assert done.returncode in (3, 4)
    assert [json.loads(line)["status"] for line in done.stdout.splitlines()] != ["accepted"]


@pytest.mark.slow
def test_a_photo_is_read_and_drawn(shell: Shell, tmp_path: Path) -> None:
    photo = ROOT / "samples" / "photos" / "district-27-1.jpg"

    done = shell("scan", photo, "--json", "--election", "kz-2023-majilis", "--overlay", tmp_path / "seen")

    (line,) = done.stdout.splitlines()
    page = json.loads(line)
    assert done.returncode in (0, 3)
    assert page["form"] == "kz-2023-majilis-smd"
    assert page["fields"]["voters_listed"]["quad_px"]
    (drawn,) = (tmp_path / "seen").iterdir()
    assert drawn.name == f"district-27-1-{page['sha256'][:8]}-p1.png"
