"""A signature inside a copy of the paper report (PAdES, with pyHanko), for whoever opens only the PDF.

The report in ``data/`` stays as it is, the same bytes every time. The signed copy lies in ``attest/``: PDF
signatures are written behind the file, so that the copy begins with the very bytes of the report.
"""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import Any

from tally.bundle.layout import REPORT
from tally.errors import BundleError, MissingComponent, UsageError

_FIELD = "hattama"


def report_of(bag: Path, name: str) -> tuple[str, bytes]:
    """Path in the bundle and bytes of the report that the signed copy ``NAME-report-kk.pdf`` is of."""
    path = f"data/{REPORT}/report-{name.rpartition('-report-')[2]}"
    try:
        return path, (bag / path).read_bytes()
    except OSError as error:
        raise BundleError(f"there is no such report: {error.strerror}.", file=path) from error


def sign_report(report: bytes, key: bytes, certificates: bytes) -> bytes:
    """The report with a signature behind it. ``key`` and ``certificates``: PEM, the signer's certificate first.

    Raises :class:`MissingComponent` without pyHanko, :class:`UsageError` if key and certificate do not serve.
    """
    _pyhanko()
    from asn1crypto import pem, x509
    from pyhanko.keys import load_private_key_from_pemder_data
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    try:
        chain = [x509.Certificate.load(der) for _, _, der in pem.unarmor(certificates, multiple=True)]
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple(chain[1:])
        signer = signers.SimpleSigner(
            chain[0], load_private_key_from_pemder_data(key, passphrase=None), store
        )
        meta = signers.PdfSignatureMetadata(field_name=_FIELD, subfilter=_pades())
        out = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(report)), meta, signer=signer)
        return bytes(out.getvalue())
    except Exception as error:
        # pyHanko and asn1crypto raise whatever the PEM leads to
        raise UsageError(
            f"the report cannot be signed with this key and certificate: {error}.",
            advice="Give the private key without a password and its certificate, both as PEM.",
        ) from error


def pdf_problem(report: bytes, signed: bytes, trusted: bytes) -> str:
    """Why a signed copy does not hold; empty if it does. ``trusted``: certificates (PEM) obtained elsewhere.

    Without ``trusted`` the signature must fit the certificate inside it, whoever made that.
    Raises :class:`MissingComponent` without pyHanko.
    """
    if not signed.startswith(report):
        return "does not begin with the report of this bundle"
    _pyhanko()
    try:
        return _problem(signed, trusted)
    except Exception as error:  # noqa: BLE001 - a stranger's file: any library may stumble over it
        return f"its signature cannot be checked ({type(error).__name__}: {error})"


def _problem(signed: bytes, trusted: bytes) -> str:
    from asn1crypto import pem, x509
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    signatures = PdfFileReader(io.BytesIO(signed)).embedded_signatures
    if not signatures:
        return "has no signature"
    roots = (
        [x509.Certificate.load(der) for _, _, der in pem.unarmor(trusted, multiple=True)] if trusted else []
    )
    for signature in signatures:
        told = validate_pdf_signature(signature, ValidationContext(trust_roots=roots, allow_fetching=False))
        changed = told.modification_level not in (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES)
        if not told.intact or not told.valid or changed:
            return "was changed after it was signed"
        if roots and not told.trusted:
            return "is not signed by that certificate"
    return ""


def _pades() -> Any:
    from pyhanko.sign.fields import SigSeedSubFilter

    return SigSeedSubFilter.PADES


def _pyhanko() -> None:
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    try:
        import pyhanko.sign  # noqa: F401 - asked for here, so that its absence has a clear answer
    except ImportError as error:
        raise MissingComponent(
            "signatures inside PDFs need pyHanko, which is not installed.",
            advice="Install it with: pip install 'hattama[pdf-signatures]'.",
        ) from error
