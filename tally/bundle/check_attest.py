"""Do the timestamps and signatures of a bundle hold?"""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tally.bundle import minisign
from tally.bundle.layout import ATTEST, COVERED
from tally.bundle.signed_pdf import pdf_problem, report_of
from tally.bundle.stamps import covered, timestamp_problem
from tally.bundle.verified import Verified
from tally.errors import BundleError, MissingComponent

_CERTIFICATE = b"BEGIN CERTIFICATE"
_KINDS = {".tsr": "timestamp", ".sig": "signature", ".minisig": "signature", ".pdf": "signature"}


def check_attestations(bag: Path, found: Verified, trusted: tuple[bytes, ...] = ()) -> None:
    """Check every timestamp and signature. ``trusted``: certificates or public keys obtained elsewhere.

    PEM, or the public key of minisign. Without ``trusted`` everything is checked against what lies beside it, and
    a note says so.
    """
    files = sorted(path for path in (bag / ATTEST).glob("*") if path.is_file() and path.suffix in _KINDS)
    if not files:
        found.notes.append("no_attestation")
        return
    try:
        data = covered(bag)
    except BundleError as error:
        found.add("timestamp", COVERED, error.message)
        return
    if not trusted:
        found.notes.append("own_certificates")
    for path in files:
        try:
            problem = _problem(bag, path, data, trusted)
        except MissingComponent:
            found.notes.append("no_pyhanko")
            continue
        if problem:
            found.add(_KINDS[path.suffix], f"{ATTEST}/{path.name}", problem)
        else:
            found.attested.append(f"{ATTEST}/{path.name}")


def _problem(bag: Path, path: Path, data: bytes, trusted: tuple[bytes, ...]) -> str:
    """Why one of them does not hold; empty if it does."""
    mine, roots = path.read_bytes(), b"\n".join(pem for pem in trusted if _CERTIFICATE in pem)
    if path.suffix == ".tsr":
        return timestamp_problem(data, mine, roots if trusted else _beside(path, ".pem"))
    if path.suffix == ".pdf":
        if trusted and not roots:
            return "no certificate was given to check it with"
        try:
            return pdf_problem(report_of(bag, path.name)[1], mine, roots)
        except BundleError as error:
            return f"is no copy of a report of this bundle: {error}"
    holds, ending = (_signed, ".pub") if path.suffix == ".sig" else (minisign.verified, ".minipub")
    keys = trusted or (_beside(path, ending),)
    return (
        "" if any(holds(data, mine, key) for key in keys) else "is not a signature of this bundle by that key"
    )


def _beside(path: Path, ending: str) -> bytes:
    other = path.with_suffix(ending)
    return other.read_bytes() if other.is_file() else b""


def _signed(data: bytes, signature: bytes, public_key: bytes) -> bool:
    """True if ``signature`` is one by the Ed25519 key (PEM)."""
    try:
        key = serialization.load_pem_public_key(public_key)
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature, data)
            return True
    except (ValueError, InvalidSignature):
        return False
    return False
