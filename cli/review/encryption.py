"""The certificate with which the page is encrypted on a network that others share.

Phones in a room without internet know no authority that could vouch for this computer, so it vouches for itself and
shows the fingerprint beside the QR code. Whoever only listens learns nothing; whoever pretends to be this computer
has another fingerprint. The key stays in the folder of the user's settings, never in the case, which is handed on.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tally.errors import UsageError

_VALID = timedelta(days=365)
"""Phones take no certificate that is valid for much longer."""
_NAMES = ("review-certificate.pem", "review-key.pem")


@dataclass(frozen=True, slots=True)
class Encryption:
    """Files for the server, and what a person can compare."""

    cert: Path
    key: Path
    fingerprint: str
    """SHA-256 of the certificate, in pairs of hex digits as browsers show it."""


def given(cert: Path, key: Path) -> Encryption:
    """A certificate that the user has. Raises ``UsageError`` if the files do not fit."""
    try:
        loaded = x509.load_pem_x509_certificate(cert.read_bytes())
        secret = serialization.load_pem_private_key(key.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(
            f"certificate or key cannot be read: {error}.",
            advice="Give --cert and --key as PEM files, the key without a password.",
        ) from error
    if secret.public_key() != loaded.public_key():
        raise UsageError(
            "the key does not belong to the certificate.", advice="Give the two that belong together."
        )
    return Encryption(cert, key, _fingerprint(loaded))


def own(folder: Path, addresses: Iterable[str], now: datetime | None = None) -> Encryption:
    """A certificate of this computer for these addresses: the one of last time while it fits, else a new one.

    The same one again, because phones ask their owner once for each. Raises ``UsageError``.
    """
    cert, key = (folder / name for name in _NAMES)
    moment, wanted = now or datetime.now(UTC), {*addresses, "127.0.0.1", "localhost"}
    with suppress(OSError, ValueError, UsageError, x509.ExtensionNotFound):
        found = given(cert, key)
        loaded = x509.load_pem_x509_certificate(cert.read_bytes())
        if wanted <= _addresses(loaded) and loaded.not_valid_after_utc - moment > timedelta(days=2):
            return found
    try:
        _make(cert, key, sorted(wanted), moment)
    except OSError as error:
        raise UsageError(
            f"no certificate can be kept in {folder}: {error.strerror}.",
            advice="Give one with --cert and --key, or --plain on a network of your own.",
        ) from error
    return given(cert, key)


def _make(cert: Path, key: Path, addresses: list[str], moment: datetime) -> None:
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hattama review")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - timedelta(days=1))  # the clocks of phones differ
        .not_valid_after(moment + _VALID)
        .add_extension(x509.SubjectAlternativeName([_general(one) for one in addresses]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(secret, hashes.SHA256())
    )
    cert.parent.mkdir(parents=True, exist_ok=True)
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    _write(key, secret.private_bytes(pem, pkcs8, serialization.NoEncryption()))
    _write(cert, made.public_bytes(pem))


def _write(path: Path, data: bytes) -> None:
    """Readable for the owner alone from the first moment on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)


def _general(address: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(address))
    except ValueError:
        return x509.DNSName(address)


def _addresses(cert: x509.Certificate) -> set[str]:
    names = cert.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(one.value) for one in names}


def _fingerprint(cert: x509.Certificate) -> str:
    return cert.fingerprint(hashes.SHA256()).hex(":").upper()
