"""The page on a network that others share: encrypted, by a certificate whose fingerprint can be compared."""

from __future__ import annotations

import re
import socket
import ssl
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from cli.review.encryption import given, own
from cli.review.roles import Role
from tally.case import Case
from tally.errors import UsageError
from tests.cli.conftest import ROOT, Run
from tests.cli.reviewing import House


def test_the_certificate_stays_the_same_until_the_address_or_the_year_changes(tmp_path: Path) -> None:
    first = own(tmp_path, ["192.168.1.5"])

    assert own(tmp_path, ["192.168.1.5"]).fingerprint == first.fingerprint
    assert own(tmp_path, ["10.0.0.7"]).fingerprint != first.fingerprint
    again = own(tmp_path, ["10.0.0.7"])
    later = datetime.now(UTC) + timedelta(days=364)
    assert own(tmp_path, ["10.0.0.7"], later).fingerprint != again.fingerprint


def test_the_key_is_readable_for_its_owner_alone(tmp_path: Path) -> None:
    made = own(tmp_path / "new", ["192.168.1.5"])

    assert made.key.stat().st_mode & 0o077 == 0
    assert re.fullmatch(r"([0-9A-F]{2}:){31}[0-9A-F]{2}", made.fingerprint)


def test_a_broken_or_foreign_key_is_made_anew_or_refused(tmp_path: Path) -> None:
    one, other = own(tmp_path / "a", ["127.0.0.1"]), own(tmp_path / "b", ["127.0.0.1"])

    with pytest.raises(UsageError, match="does not belong"):
        given(one.cert, other.key)
    with pytest.raises(UsageError, match="cannot be read"):
        given(one.cert, tmp_path / "gone.pem")
    one.key.write_text("rubbish")
    assert own(tmp_path / "a", ["127.0.0.1"]).fingerprint != one.fingerprint


def test_a_certificate_without_its_key_is_a_usage_error(run: Run, case: Case, tmp_path: Path) -> None:
    made = own(tmp_path / "a", ["127.0.0.1"])

    for options in (["--cert", made.cert], ["--cert", made.cert, "--key", made.key, "--plain"]):
        done = run("review", case.path, "--reader", "Aida", "--accounts", *options)
        assert done.exit_code == 2
        assert "--plain" in done.output


def test_the_page_answers_encrypted_and_shows_the_fingerprint(case: Case, tmp_path: Path) -> None:
    made = own(tmp_path / "a", ["127.0.0.1"])
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "cli", "review", str(case.path), "--reader", "Aida", "--accounts"]
    options = ["--port", str(port), "--cert", str(made.cert), "--key", str(made.key), "--lang", "en"]
    with subprocess.Popen([*command, *options], cwd=ROOT, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            said = ""
            while "SHA-256" not in said:
                said += server.stderr.readline()
                assert server.poll() is None, said
            with knock(port, made.cert) as sealed:
                sealed.sendall(b"GET /join HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                assert sealed.recv(12) == b"HTTP/1.1 200"
        finally:
            server.terminate()
    assert made.fingerprint in said
    assert f"https://127.0.0.1:{port}/join#" in said


def test_asvs_3_3_1_the_cookie_of_an_encrypted_page_never_travels_in_the_clear(case: Case) -> None:
    house = House(case)
    for scheme, secure in (("https", True), ("http", False)):
        token = house.room.accounts.invite(f"Aida {scheme}", Role.REVIEWER, "lead")[1]
        page = TestClient(house.app, base_url=f"{scheme}://localhost", follow_redirects=False)
        answer = page.post("/join", data={"token": token}, headers={"Origin": f"{scheme}://localhost"})
        said = answer.headers["set-cookie"].lower()
        assert ("secure" in said) == secure
        assert "httponly" in said
        assert "samesite=strict" in said
    house.room.close()


def knock(port: int, cert: Path) -> ssl.SSLSocket:
    """A connection that trusts this certificate alone."""
    context = ssl.create_default_context(cafile=str(cert))
    for _ in range(600):
        try:
            plain = socket.create_connection(("127.0.0.1", port), timeout=60)
            return context.wrap_socket(plain, server_hostname="127.0.0.1")
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise AssertionError("the page did not start")
