"""Where things lie in a bundle, and what they are called. Names are ASCII: hashes, ids and numbers only.

A bundle is a BagIt 1.0 bag (RFC 8493). ``data/`` holds the evidence; ``attest/`` beside it may hold timestamps
and signatures that are made later. They cover the tag manifest and are therefore not listed in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

FORMAT: Final = 1
"""Version of the layout of a bundle."""
ALGORITHMS: Final = ("sha256", "sha512")
ATTEST: Final = "attest"
"""Folder of timestamps and signatures, outside both manifests."""
COVERED: Final = "tagmanifest-sha512.txt"
"""The file that they are made over; it covers every other one."""

ORIGINALS: Final = "originals"
CROPS: Final = "crops"
VIEWS: Final = "views"
"""Pictures for the paper report: reduced grey pages, and the numbers of each; originals and crops are beside them."""
OFFICIAL: Final = "official"
FORMS: Final = "forms"
LAW: Final = "law"
ELECTION: Final = "election"
REPORT: Final = "report"
CHECK: Final = "check"
"""The page "check it yourself" in three languages."""

LEDGER: Final = "ledger.jsonl"
CHECKPOINT: Final = "checkpoint.txt"
CROP_INDEX: Final = "crops.json"
PHOTOS: Final = "photos.json"
READINGS: Final = "readings.jsonl"
ENTRIES: Final = "entries.json"
PROTOCOLS: Final = "protocols.json"
COVERAGE: Final = "coverage.json"
TOTALS: Final = "totals.json"
FINDINGS: Final = "findings.json"
SNAPSHOTS: Final = "official.json"
CONFIG: Final = "config.json"
PROGRAMS: Final = "programs.json"
PUBLIC: Final = "public.json"
"""Marks a public bundle, and says what was left out."""
CASE: Final = "case.toml"
SCRIPTS: Final = ("verify.py", "sums.py")
"""What a stranger runs; they need nothing but Python."""

_MAGIC: Final = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
    (b"BM", "bmp"),
    (b"PK\x03\x04", "zip"),
)


def extension(head: bytes) -> str:
    """Ending for a file by its first kilobyte: ``jpg``, ``pdf`` ...; ``bin`` for anything that is not known."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return "heic"
    if b"%PDF-" in head[:1024]:
        return "pdf"
    return next((ending for magic, ending in _MAGIC if head.startswith(magic)), "bin")


def bundle_id(manifest_lines: Iterable[str]) -> str:
    """The name of a bundle: 16 hex digits over the sha256 manifest of all evidence.

    The report carries this name on every page, so its own lines (``data/report/``) are left out.
    """
    kept = sorted(line.strip() for line in manifest_lines if line.strip())
    evidence = "".join(f"{line}\n" for line in kept if f"  data/{REPORT}/" not in line)
    return hashlib.sha256(evidence.encode("ascii")).hexdigest()[:16]
