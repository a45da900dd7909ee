"""OpenSSL as a second opinion on timestamps, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

_SECONDS = 30


def verified_by_openssl(covered: bytes, response: bytes, certificates: bytes) -> bool:
    """True if ``openssl ts -verify`` accepts the answer; False if not, or if there is no OpenSSL."""
    program = shutil.which("openssl")
    if program is None or not certificates:
        return False
    with tempfile.TemporaryDirectory(prefix="hattama-ts-") as folder:
        data, answer, trusted = (Path(folder) / name for name in ("data", "answer.tsr", "trusted.pem"))
        for path, content in ((data, covered), (answer, response), (trusted, certificates)):
            path.write_bytes(content)
        files = ("-data", str(data), "-in", str(answer), "-CAfile", str(trusted), "-untrusted", str(trusted))
        command = [program, "ts", "-verify", *files]
        try:
            done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return False
    return done.returncode == 0
