"""Timestamps (RFC 3161) and signatures (Ed25519) over a finished bundle, made later and kept in ``attest/``.

Both cover ``tagmanifest-sha512.txt``, which covers every other file. A request is written offline; the answer of
the authority is attached when it comes, raw as it came, with the certificates of the authority. Any number of
authorities and signers may be added; none is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import rfc3161_client as tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tally.bundle.layout import ATTEST
from tally.bundle.openssl import verified_by_openssl
from tally.bundle.verified import Verified
from tally.errors import BundleError, UsageError

COVERED = "tagmanifest-sha512.txt"
"""The file that timestamps and signatures are made over."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")


def request(bag: Path, name: str) -> Path:
    """Write ``attest/NAME.tsq``, to be sent to an authority. It holds a hash and a random number, nothing else."""
    path = _target(bag, name, "tsq")
    path.write_bytes(tsp.TimestampRequestBuilder().data(_covered(bag)).build().as_bytes())
    return path


def attach(bag: Path, name: str, response: bytes, certificates: bytes) -> Path:
    """Keep an authority's answer as it came, with its certificates (PEM), as ``NAME.tsr`` and ``NAME.pem``.

    Raises :class:`UsageError` if the answer is not one over this bundle; then nothing is kept.
    """
    problem = _timestamp_problem(_covered(bag), response, certificates)
    if problem:
        raise UsageError(
            f"this answer does not fit the bundle: {problem}.",
            advice="Send the request of this very bundle, and give the certificates of the authority as PEM.",
        )
    path = _target(bag, name, "tsr")
    path.with_suffix(".pem").write_bytes(certificates)
    path.write_bytes(response)
    return path


def sign(bag: Path, name: str, private_key: bytes) -> Path:
    """Sign with an Ed25519 key (PEM, without a password): ``NAME.sig`` and ``NAME.pub``.

    Raises :class:`UsageError` if the key cannot be used.
    """
    try:
        key = serialization.load_pem_private_key(private_key, password=None)
    except (ValueError, TypeError) as error:
        raise UsageError("the key cannot be read.", advice="Give an Ed25519 key as PEM.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError("the key is not Ed25519.", advice="Make one: openssl genpkey -algorithm ed25519")
    path = _target(bag, name, "sig")
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    path.with_suffix(".pub").write_bytes(public)
    path.write_bytes(key.sign(_covered(bag)))
    return path


def check_attestations(bag: Path, found: Verified, trusted: tuple[bytes, ...] = ()) -> None:
    """Check every timestamp and signature. ``trusted``: certificates or public keys (PEM) obtained elsewhere.

    Without ``trusted`` a timestamp or signature is checked against what lies beside it, and a note says so.
    """
    files = sorted(path for path in (bag / ATTEST).glob("*") if path.is_file())
    stamps = [path for path in files if path.suffix == ".tsr"]
    signatures = [path for path in files if path.suffix == ".sig"]
    if not stamps and not signatures:
        found.notes.append("no_attestation")
        return
    try:
        covered = _covered(bag)
    except BundleError as error:
        found.add("timestamp", COVERED, error.message)
        return
    if not trusted:
        found.notes.append("own_certificates")
    for path in stamps:
        beside = _beside(path, ".pem")
        problem = _timestamp_problem(covered, path.read_bytes(), b"\n".join(trusted) if trusted else beside)
        if problem:
            found.add("timestamp", f"{ATTEST}/{path.name}", problem)
        else:
            found.attested.append(f"{ATTEST}/{path.name}")
    for path in signatures:
        keys = trusted or (_beside(path, ".pub"),)
        if any(_signed(covered, path.read_bytes(), key) for key in keys):
            found.attested.append(f"{ATTEST}/{path.name}")
        else:
            found.add("signature", f"{ATTEST}/{path.name}", "is not a signature of this bundle by that key")


def _covered(bag: Path) -> bytes:
    try:
        return (bag / COVERED).read_bytes()
    except OSError as error:
        raise BundleError(f"{COVERED} cannot be read: {error.strerror}.", file=str(bag)) from error


def _target(bag: Path, name: str, ending: str) -> Path:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for it.", advice="Use small letters, digits and hyphens.")
    _covered(bag)
    path = bag / ATTEST / f"{name}.{ending}"
    if path.exists():
        raise UsageError("there is one of this name already.", file=str(path), advice="Choose another name.")
    path.parent.mkdir(exist_ok=True)
    return path


def _beside(path: Path, ending: str) -> bytes:
    other = path.with_suffix(ending)
    return other.read_bytes() if other.is_file() else b""


def _timestamp_problem(covered: bytes, response: bytes, certificates: bytes) -> str:
    """Why a timestamp does not hold; empty if it does.

    OpenSSL has the second word: rfc3161-client refuses some valid answers, such as those whose certificates are
    not sorted; and keys that it does not know are not wrong keys.
    """
    try:
        answer = tsp.decode_timestamp_response(response)
        _verifier(certificates).verify_message(answer, covered)
    except (ValueError, tsp.VerificationError) as error:
        second = verified_by_openssl(covered, response, certificates)
        return "" if second else f"it is not a timestamp of this bundle by that authority ({error})"
    return ""


def _verifier(certificates: bytes) -> tsp.Verifier:
    builder = tsp.VerifierBuilder()
    for certificate in _certificates(certificates):
        if certificate.issuer == certificate.subject:
            builder = builder.add_root_certificate(certificate)
        else:
            builder = builder.add_intermediate_certificate(certificate)
    return builder.build()


def _certificates(pem: bytes) -> Iterator[x509.Certificate]:
    yield from x509.load_pem_x509_certificates(pem) if b"BEGIN CERTIFICATE" in pem else ()


def _signed(covered: bytes, signature: bytes, public_key: bytes) -> bool:
    try:
        key = serialization.load_pem_public_key(public_key)
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature, covered)
            return True
    except (ValueError, InvalidSignature):
        return False
    return False
