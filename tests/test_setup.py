"""The setup script on machines that lack things, played with stand-ins for the system's programs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BORROWED = ("bash", "cut", "dirname", "env", "grep", "mktemp", "rm", "sha256sum", "tail")

TESSERACT = 'printf "List of available languages (3):\\n%s\\n" eng {languages}'
LIBRARIES = 'printf "\\t%s (libc6) => /lib/x\\n" libGL.so.1 libgthread-2.0.so.0'
PYTHON = 'case "$*" in "-c "*|-V) exit 0;; *) echo "python $*" >>"$CALLS"; exit 9;; esac'
APT = 'echo "apt-get ${*##*Timeout=120}" >>"$CALLS"'


class Machine:
    """A folder with a copy of the script, and a PATH on which only what was put there can be found."""

    def __init__(self, home: Path) -> None:
        self.tree, self.bin, self.calls = home / "with space", home / "bin", home / "calls"
        (self.tree / ".ci").mkdir(parents=True)
        self.bin.mkdir()
        for name in (".ci/setup.sh", "requirements.lock", "pyproject.toml"):
            shutil.copy(ROOT / name, self.tree / name)
        for name in BORROWED:
            (self.bin / name).symlink_to(str(shutil.which(name)))
        self.put("uname", "echo Linux")
        self.put("id", "echo 0")
        self.put("ldconfig", "exit 0")

    def put(self, name: str, script: str) -> None:
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    def complete(self) -> None:
        self.put("tesseract", TESSERACT.format(languages="rus kaz"))
        self.put("ldconfig", LIBRARIES)
        self.put("python3", PYTHON)

    def setup(self, *job: str) -> tuple[int, str, list[str]]:
        """Exit code, what was said, and the calls of apt-get and Python in order."""
        done = subprocess.run(
            [self.bin / "bash", self.tree / ".ci/setup.sh", *job],
            env={"PATH": str(self.bin), "CALLS": str(self.calls)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        calls = self.calls.read_text(encoding="utf-8").splitlines() if self.calls.exists() else []
        return done.returncode, done.stdout + done.stderr, [" ".join(call.split()) for call in calls]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    if any(shutil.which(name) is None for name in BORROWED):
        pytest.skip("the usual small programs are not all here")
    return Machine(tmp_path)


def test_a_complete_machine_is_not_asked_for_a_password(machine: Machine) -> None:
    machine.complete()
    machine.put("apt-get", APT)

    _, _, calls = machine.setup()

    assert calls == ["python -m venv --clear .venv"]


def test_only_the_missing_language_is_installed(machine: Machine) -> None:
    machine.complete()
    machine.put("tesseract", TESSERACT.format(languages="rus"))
    machine.put("apt-get", APT)

    _, _, calls = machine.setup()

    assert calls[:2] == ["apt-get update", "apt-get install -y --no-install-recommends tesseract-ocr-kaz"]


def test_an_empty_machine_gets_everything_under_its_new_name(machine: Machine) -> None:
    machine.put("apt-get", APT)
    machine.put("apt-cache", '[ "$2" = libglib2.0-0t64 ]')

    _, said, calls = machine.setup()

    assert calls[1].endswith(
        "tesseract-ocr tesseract-ocr-rus tesseract-ocr-kaz libgl1 libglib2.0-0t64 python3-venv"
    )
    assert "no Python 3.11 or newer" in said  # the stand-in installed nothing


def test_a_python_without_ensurepip_is_not_good_enough(machine: Machine) -> None:
    machine.complete()
    machine.put("python3", 'case "$*" in *ensurepip*) exit 1;; esac')
    machine.put("apt-get", APT)

    _, _, calls = machine.setup()

    assert calls[1].endswith(" python3-venv")


def test_a_failed_download_is_tried_once_more(machine: Machine) -> None:
    machine.complete()
    machine.put("tesseract", TESSERACT.format(languages="rus"))
    machine.put("apt-get", APT + '; case "$*" in *install*) [ "$(grep -c install "$CALLS")" -gt 1 ];; esac')

    _, said, calls = machine.setup()

    assert [call.split()[1] for call in calls] == ["update", "install", "update", "install", "-m"]
    assert "once more" in said


def test_without_the_right_to_install_it_says_what_to_type(machine: Machine) -> None:
    machine.complete()
    machine.put("tesseract", TESSERACT.format(languages="rus"))
    machine.put("apt-get", APT)
    machine.put("id", "echo 1000")

    code, said, calls = machine.setup()

    assert (code, calls) == (7, [])
    assert "apt-get install tesseract-ocr-kaz" in said


def test_on_another_system_it_names_what_is_needed(machine: Machine) -> None:
    machine.put("python3", PYTHON)

    code, said, _ = machine.setup()

    assert code == 7
    assert "Tesseract 5 with the languages rus and kaz" in said


def test_on_a_mac_homebrew_is_asked(machine: Machine) -> None:
    machine.complete()
    machine.put("tesseract", TESSERACT.format(languages="osd"))
    machine.put("uname", "echo Darwin")
    machine.put("brew", 'echo "brew $*" >>"$CALLS"')

    _, _, calls = machine.setup()

    assert calls[0] == "brew install --quiet tesseract-lang"


def test_without_a_terminal_sudo_is_never_left_waiting_for_a_password(machine: Machine) -> None:
    machine.complete()
    machine.put("tesseract", TESSERACT.format(languages="rus"))
    machine.put("apt-get", APT)
    machine.put("id", "echo 1000")
    machine.put("sudo", 'echo "sudo $1 $2 $3 $4" >>"$CALLS"; exit 1')

    code, said, calls = machine.setup()

    assert set(calls) == {"sudo -n env DEBIAN_FRONTEND=noninteractive apt-get"}
    assert code == 7
    assert "As root, run: apt-get install tesseract-ocr-kaz" in said


def test_a_browser_is_installed_for_tests_and_for_nothing_else(machine: Machine) -> None:
    machine.complete()
    machine.put("apt-get", APT)

    for_tool, for_tests = machine.setup()[2], machine.setup("test")[2]

    assert not any("chromium" in call for call in for_tool)
    assert "apt-get install -y --no-install-recommends chromium" in for_tests


def test_a_browser_that_is_there_is_not_installed_again(machine: Machine) -> None:
    machine.complete()
    machine.put("apt-get", APT)
    machine.put("chromium", "exit 0")

    assert not any("apt-get" in call for call in machine.setup("test")[2])


def test_no_password_is_asked_for_a_browser_and_its_absence_stops_nothing(machine: Machine) -> None:
    machine.complete()
    machine.put("id", "echo 1000")
    machine.put("sudo", 'echo "sudo $*" >>"$CALLS"; exit 1')
    machine.put("apt-get", APT)

    _, said, calls = machine.setup("test")

    assert "skipped" in said
    assert calls[-1].startswith("python -m venv")
    assert not any("apt-get" in call for call in calls)


def test_a_browser_that_apt_does_not_have_stops_nothing(machine: Machine) -> None:
    machine.complete()
    machine.put("apt-get", f"{APT}; exit 100")

    _, said, calls = machine.setup("test")

    assert "chromium could not be installed" in said
    assert calls[-1].startswith("python -m venv")
