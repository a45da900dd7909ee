"""Timestamps (RFC 3161) and signatures (Ed25519) over a finished bundle, made later and kept in ``attest/``.

Both cover ``tagmanifest-sha512.txt``, which covers every other file; a signature inside a copy of the report covers
that report alone. A request is written offline; the answer of
the authority is attached when it comes, raw as it came, with the certificates of the authority. Any number of
authorities and signers may be added; none is needed.
"""

from __future__ import annotations

import re
from pathlib import Path

import rfc3161_client as tsp
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tally.bundle import minisign
from tally.bundle.layout import ATTEST, COVERED
from tally.bundle.signed_pdf import report_of, sign_report
from tally.bundle.stamps import covered, timestamp_problem
from tally.errors import UsageError

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")


def request(bag: Path, name: str) -> Path:
    """Write ``attest/NAME.tsq``, to be sent to an authority. It holds a hash and a random number, nothing else."""
    path = _target(bag, name, "tsq")
    path.write_bytes(tsp.TimestampRequestBuilder().data(covered(bag)).build().as_bytes())
    return path


def attach(bag: Path, name: str, response: bytes, certificates: bytes) -> Path:
    """Keep an authority's answer as it came, with its certificates (PEM), as ``NAME.tsr`` and ``NAME.pem``.

    Raises :class:`UsageError` if the answer is not one over this bundle; then nothing is kept.
    """
    problem = timestamp_problem(covered(bag), response, certificates)
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
    """Sign with an Ed25519 key (PEM, without a password), for two common programs.

    ``NAME.sig`` with ``NAME.pub`` are for OpenSSL, ``NAME.minisig`` with ``NAME.minipub`` for minisign.
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
    path.write_bytes(key.sign(covered(bag)))
    comment = f"hattama bundle, {COVERED}"
    path.with_suffix(".minipub").write_text(minisign.public_text(key), "utf-8")
    path.with_suffix(".minisig").write_text(minisign.sign(key, covered(bag), comment), "utf-8")
    return path


def sign_pdf(bag: Path, name: str, language: str, key: bytes, certificates: bytes) -> Path:
    """Write ``attest/NAME-report-kk.pdf``: the report with a signature behind it. See tally.bundle.signed_pdf."""
    path = _target(bag, f"{name}-report-{language}", "pdf")
    _, report = report_of(bag, path.name)
    path.write_bytes(sign_report(report, key, certificates))
    return path


def _target(bag: Path, name: str, ending: str) -> Path:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for it.", advice="Use small letters, digits and hyphens.")
    covered(bag)
    path = bag / ATTEST / f"{name}.{ending}"
    if path.exists():
        raise UsageError("there is one of this name already.", file=str(path), advice="Choose another name.")
    path.parent.mkdir(exist_ok=True)
    return path
