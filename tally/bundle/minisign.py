"""Signatures that the program ``minisign`` makes and checks (https://jedisct1.github.io/minisign/#signature-format).

A key is Ed25519 with a number of 8 bytes; a signature is over the BLAKE2b-512 of the file (``ED``) or, as older
versions wrote it, over the file (``Ed``); a second signature covers the first and a comment, which is therefore
trusted.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_KEY, _SIGNATURE = struct.Struct("2s8s32s"), struct.Struct("2s8s64s")
_TRUSTED = "trusted comment: "


class _Key(NamedTuple):
    number: bytes
    key: Ed25519PublicKey


def public_text(key: Ed25519PrivateKey) -> str:
    """The file of the public key. Its number is the beginning of the key's BLAKE2b, not drawn at random."""
    raw = _raw(key)
    line = base64.b64encode(_KEY.pack(b"Ed", _number(raw), raw)).decode()
    return f"untrusted comment: minisign public key {_number(raw)[::-1].hex().upper()}\n{line}\n"


def sign(key: Ed25519PrivateKey, data: bytes, comment: str) -> str:
    """The file of a signature over ``data`` with a trusted ``comment`` of one line."""
    signature = key.sign(hashlib.blake2b(data).digest())
    first = base64.b64encode(_SIGNATURE.pack(b"ED", _number(_raw(key)), signature)).decode()
    both = base64.b64encode(key.sign(signature + comment.encode("utf-8"))).decode()
    return f"untrusted comment: signature of hattama\n{first}\n{_TRUSTED}{comment}\n{both}\n"


def is_public(text: bytes) -> bool:
    """True if this is the file of a public key of minisign."""
    return _public(text) is not None


def verified(data: bytes, signature: bytes, public: bytes) -> bool:
    """True if both signatures hold by the key in the file ``public``; False for anything else, damage included."""
    key = _public(public)
    try:
        _, first, comment, both = signature.decode("utf-8").splitlines()
        kind, number, mine = _SIGNATURE.unpack(base64.b64decode(first, validate=True))
        if key is None or number != key.number or not comment.startswith(_TRUSTED):
            return False
        covered = {b"ED": hashlib.blake2b(data).digest(), b"Ed": data}[kind]
        key.key.verify(mine, covered)
        told = mine + comment.removeprefix(_TRUSTED).encode("utf-8")
        key.key.verify(base64.b64decode(both, validate=True), told)
    except (ValueError, KeyError, struct.error, InvalidSignature):
        return False
    return True


def _public(text: bytes) -> _Key | None:
    try:
        line = text.decode("utf-8").splitlines()[-1]
        kind, number, raw = _KEY.unpack(base64.b64decode(line, validate=True))
        return _Key(number, Ed25519PublicKey.from_public_bytes(raw)) if kind == b"Ed" else None
    except (ValueError, IndexError, struct.error):
        return None


def _raw(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def _number(raw: bytes) -> bytes:
    return hashlib.blake2b(raw, digest_size=8).digest()
