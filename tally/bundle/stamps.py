"""RFC 3161 timestamps over the tag manifest: does an answer hold? OpenSSL has the second word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import rfc3161_client as tsp
from cryptography import x509

from tally.bundle.layout import COVERED
from tally.bundle.openssl import verified_by_openssl
from tally.errors import BundleError


def covered(bag: Path) -> bytes:
    """The bytes that timestamps and signatures are made over. Raises :class:`BundleError`."""
    try:
        return (bag / COVERED).read_bytes()
    except OSError as error:
        raise BundleError(f"{COVERED} cannot be read: {error.strerror}.", file=str(bag)) from error


def timestamp_problem(data: bytes, response: bytes, certificates: bytes) -> str:
    """Why a timestamp does not hold; empty if it does.

    OpenSSL has the second word: rfc3161-client refuses some valid answers, such as those whose certificates are
    not sorted; and keys that it does not know are not wrong keys.
    """
    try:
        answer = tsp.decode_timestamp_response(response)
        _verifier(certificates).verify_message(answer, data)
    except (ValueError, tsp.VerificationError) as error:
        second = verified_by_openssl(data, response, certificates)
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
