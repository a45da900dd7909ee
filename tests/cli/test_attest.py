"""Timestamps and signatures, with an authority made on the spot by openssl; nothing here needs a network."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cli.crops import PhotoCutter
from tally.bundle.contents import contents_of
from tally.bundle.layout import COVERED
from tally.bundle.write import write_bundle
from tests.cli import bundling
from tests.cli.bundling import check, repair_manifests, said

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")

CONFIG = """
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[tsa]
basicConstraints = CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[ts]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
certs = {folder}/ca.pem
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_chain = no
"""


def openssl(folder: Path, *args: str) -> None:
    subprocess.run([OPENSSL, *args], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Path:
    """A folder with a root, a timestamp certificate and a configuration for ``openssl ts -reply``."""
    folder = tmp_path_factory.mktemp("authority")
    (folder / "ts.cnf").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    new = ("req", "-config", "ts.cnf", "-newkey", "rsa:2048", "-nodes")
    openssl(folder, *new, "-x509", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test root",
            "-extensions", "ca", "-days", "30")  # fmt: skip
    openssl(folder, *new, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test stamps")
    openssl(folder, "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-out", "tsa.pem",
            "-CAcreateserial", "-extfile", "ts.cnf", "-extensions", "tsa", "-days", "30")  # fmt: skip
    (folder / "chain.pem").write_text((folder / "tsa.pem").read_text() + (folder / "ca.pem").read_text())
    return folder


@pytest.fixture(scope="module")
def clean(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    return bundling.make_bundle(bundling.make_case(folder / "case"), folder / "bag")


@pytest.fixture
def stamped(bag: Path, authority: Path, run) -> Path:
    """The bundle with the answer of the authority attached."""
    assert run("attest", "request", bag, "first").exit_code == 0
    answer = bag.parent / "answer.tsr"
    openssl(authority, "ts", "-reply", "-config", "ts.cnf", "-section", "ts",
            "-queryfile", str(bag / "attest/first.tsq"), "-out", str(answer))  # fmt: skip
    done = run("attest", "add", bag, "first", answer, authority / "chain.pem")
    assert done.exit_code == 0, done.stderr
    assert (bag / "attest/first.tsr").read_bytes() == answer.read_bytes()
    return bag


@pytest.fixture
def key(tmp_path: Path) -> Path:
    openssl(tmp_path, "genpkey", "-algorithm", "ed25519", "-out", "key.pem")
    return tmp_path / "key.pem"


def lines_of_the_page(bag: Path, number: int) -> list[str]:
    """The openssl command of a step of the page "check it yourself", as arguments."""
    page = (bag / "data/check/check-en.txt").read_text("utf-8")
    step = re.search(rf"^{number}\. .*?^     (openssl.*?)^\s*$", page, re.MULTILINE | re.DOTALL)
    return step.group(1).replace("\\\n", " ").split()


def test_a_timestamp_holds_for_us_and_for_openssl_as_the_page_says(stamped):
    found = check(stamped)
    assert said(found) == ""
    assert found.attested == ["attest/first.tsr"]
    assert "own_certificates" in found.notes
    command = [part.replace("NAME", "first") for part in lines_of_the_page(stamped, 4)]
    done = subprocess.run(command, cwd=stamped, capture_output=True, text=True, check=False)
    assert "Verification: OK" in done.stdout, done.stderr


def test_the_request_holds_nothing_but_a_hash(stamped):
    import hashlib

    asked = (stamped / "attest/first.tsq").read_bytes()
    assert hashlib.sha512((stamped / COVERED).read_bytes()).digest() in asked
    assert len(asked) < 128


def test_a_timestamp_after_any_change_of_the_bundle(stamped):
    bundling.edit(
        stamped, "totals.json", lambda totals: totals["contests"][0]["sums"]["altaev"].update(low=1)
    )
    repair_manifests(stamped)
    assert "timestamp attest/first.tsr it is not a timestamp of this bundle" in said(check(stamped))


def test_a_whole_other_bundle_under_an_old_timestamp(stamped, tmp_path):
    """What only a checkpoint could show before: every byte is consistent, but the stamp is of another bundle."""
    case = bundling.make_case(tmp_path / "other-case")
    other = bundling.make_bundle(case, tmp_path / "other")
    shutil.copytree(stamped / "attest", other / "attest")
    assert [problem.what for problem in check(other).problems] == ["timestamp"]


def test_a_timestamp_by_somebody_else_is_seen_with_certificates_obtained_elsewhere(
    stamped, authority, tmp_path, run
):
    good, bad = authority / "chain.pem", tmp_path / "other.pem"
    openssl(tmp_path, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "o.key", "-out", "other.pem",
            "-subj", "/CN=Other root", "-days", "30")  # fmt: skip
    assert run("verify", stamped, "--trusted", good, "--jobs", 1).exit_code == 0
    done = run("verify", stamped, "--trusted", bad, "--jobs", 1)
    assert done.exit_code == 6
    assert "attest/first.tsr" in done.stdout


def test_an_answer_to_another_request_is_not_attached(bag, authority, tmp_path, run):
    (tmp_path / "data").write_bytes(b"something else")
    openssl(tmp_path, "ts", "-query", "-data", "data", "-sha512", "-cert", "-out", "q.tsq")
    openssl(authority, "ts", "-reply", "-config", "ts.cnf", "-section", "ts",
            "-queryfile", str(tmp_path / "q.tsq"), "-out", str(tmp_path / "a.tsr"))  # fmt: skip
    done = run("attest", "add", bag, "first", tmp_path / "a.tsr", authority / "chain.pem")
    assert done.exit_code == 2
    assert not list((bag / "attest").glob("*.tsr")) if (bag / "attest").exists() else True


@pytest.mark.parametrize("damage", [b"", b"no answer", b"\x30\x82"])
def test_a_damaged_timestamp_is_a_problem_and_no_traceback(stamped, damage):
    (stamped / "attest/first.tsr").write_bytes(damage)
    assert "timestamp attest/first.tsr" in said(check(stamped))


def test_a_signature_holds_for_us_and_for_openssl_as_the_page_says(bag, key, run):
    assert run("attest", "sign", bag, "lawyer", "--key", key).exit_code == 0
    found = check(bag)
    assert said(found) == ""
    assert found.attested == ["attest/lawyer.minisig", "attest/lawyer.sig"]
    command = [part.replace("NAME", "lawyer") for part in lines_of_the_page(bag, 5)]
    done = subprocess.run(command, cwd=bag, capture_output=True, text=True, check=False)
    assert "Signature Verified Successfully" in done.stdout, done.stderr


def test_a_signature_after_a_change_and_one_by_another_key(bag, key, tmp_path, run):
    assert run("attest", "sign", bag, "lawyer", "--key", key).exit_code == 0
    openssl(tmp_path, "genpkey", "-algorithm", "ed25519", "-out", "k2.pem")
    openssl(tmp_path, "pkey", "-in", "k2.pem", "-pubout", "-out", "k2.pub")
    assert run("verify", bag, "--trusted", tmp_path / "k2.pub", "--jobs", 1).exit_code == 6
    bundling.edit(bag, "coverage.json", lambda told: told.update(extra=1))
    repair_manifests(bag)
    assert "signature attest/lawyer.sig is not a signature of this bundle" in said(check(bag))


def test_nothing_is_replaced_and_names_stay_in_the_folder(bag, key, run):
    assert run("attest", "sign", bag, "lawyer", "--key", key).exit_code == 0
    assert run("attest", "sign", bag, "lawyer", "--key", key).exit_code == 2
    assert run("attest", "sign", bag, "../../lawyer", "--key", key).exit_code == 2
    (key.parent / "rsa.pem").write_text("no key")
    assert run("attest", "sign", bag, "other", "--key", key.parent / "rsa.pem").exit_code == 2


def test_a_bundle_without_any_says_so(bag):
    assert "no_attestation" in check(bag).notes


def test_minisign_takes_our_signature_and_we_take_its_own_as_the_page_says(bag, key, run, tmp_path):
    program = shutil.which("minisign")
    if program is None:
        pytest.skip("minisign is not installed")
    assert run("attest", "sign", bag, "lawyer", "--key", key).exit_code == 0
    page = (bag / "data/check/check-ru.txt").read_text("utf-8")
    (line,) = re.findall(r"^     (minisign .*)$", page, re.MULTILINE)
    done = subprocess.run(line.replace("NAME", "lawyer").split(), cwd=bag, capture_output=True, text=True)  # noqa: PLW1510
    assert "Signature and comment signature verified" in done.stdout, done.stderr
    for name, old in (("new", []), ("old", ["-l"])):
        files = ["-s", str(tmp_path / "k"), "-p", str(bag / f"attest/{name}.minipub")]
        subprocess.run([program, "-G", "-W", "-f", *files], check=True, capture_output=True)
        covered = ["-m", str(bag / COVERED), "-x", str(bag / f"attest/{name}.minisig")]
        subprocess.run(
            [program, "-S", *old, *files[:2], *covered, "-t", "Қ"], check=True, capture_output=True
        )
    found = check(bag)
    assert said(found) == ""
    assert {"attest/lawyer.minisig", "attest/new.minisig", "attest/old.minisig"} <= set(found.attested)
    done = run("verify", bag, "--trusted", bag / "attest/new.minipub", "--jobs", 1)
    assert "attest/lawyer.minisig" in done.stdout
    assert "attest/new.minisig" not in done.stdout


@pytest.mark.parametrize("part", range(4))
def test_a_changed_minisign_signature(bag, key, run, part):
    assert run("attest", "sign", bag, "lawyer", "--key", key).exit_code == 0
    path = bag / "attest/lawyer.minisig"
    lines = path.read_text("utf-8").splitlines()
    if part == 0:
        lines = lines[1:]  # damage is a problem, never a traceback
    elif part == 2:
        lines[2] += " and more"  # the trusted comment
    else:
        middle = len(lines[part]) // 2
        lines[part] = (
            lines[part][:middle] + ("A" if lines[part][middle] != "A" else "B") + lines[part][middle + 1 :]
        )
    path.write_text("\n".join(lines) + "\n", "utf-8")
    assert "signature attest/lawyer.minisig is not a signature of this bundle" in said(check(bag))


@pytest.fixture(scope="module")
def reported(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("reported")
    case = bundling.make_case(folder / "case")
    write_bundle(case, contents_of(case), folder / "bag", PhotoCutter(), ("ru",))
    openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "me.key", "-out", "me.pem",
            "-subj", "/CN=A lawyer", "-days", "30")  # fmt: skip
    return folder


def test_a_signature_inside_a_copy_of_the_report(reported, tmp_path, run):
    pytest.importorskip("pyhanko")
    bag = tmp_path / "bag"
    shutil.copytree(reported / "bag", bag)
    before = (bag / "data/report/report-ru.pdf").read_bytes()
    keys = ("--key", reported / "me.key", "--cert", reported / "me.pem")
    done = run("attest", "pdf", bag, "lawyer", *keys, "--report", "ru")
    assert done.exit_code == 0, done.stderr
    signed = bag / "attest/lawyer-report-ru.pdf"
    assert signed.read_bytes().startswith(before)  # whoever has the signed copy has the report, byte for byte
    assert (bag / "data/report/report-ru.pdf").read_bytes() == before
    found = check(bag)
    assert said(found) == ""
    assert found.attested == ["attest/lawyer-report-ru.pdf"]
    assert run("verify", bag, "--trusted", reported / "me.pem", "--jobs", 1).exit_code == 0
    openssl(tmp_path, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "o.key", "-out", "o.pem",
            "-subj", "/CN=A lawyer", "-days", "30")  # fmt: skip
    assert "is not signed by that certificate" in run("verify", bag, "--trusted", tmp_path / "o.pem").stdout
    assert (
        run("attest", "pdf", bag, "lawyer", *keys, "--report", "kk").exit_code == 6
    )  # there is no such report
    assert run("attest", "pdf", bag, "other", "--key", reported / "me.pem", *keys[2:]).exit_code == 2

    whole = signed.read_bytes()
    at = len(before) + whole[len(before) :].index(b"/ByteRange")
    for place in (at + 12, len(before) // 2):
        signed.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert "signature attest/lawyer-report-ru.pdf" in said(check(bag))
    signed.write_bytes(before)
    assert "signature attest/lawyer-report-ru.pdf has no signature" in said(check(bag))
