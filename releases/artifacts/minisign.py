"""Reads minisign public keys and signatures, and checks one against the other. Pure; it never sees a private key.

The format (jedisct1.github.io/minisign): a public key is base64 of `Ed`, 8 bytes of key id and 32 of Ed25519. A
signature file has four lines: an untrusted comment; base64 of an algorithm, the key id and a signature of 64 bytes; the
trusted comment; base64 of the *global signature*, which is over the first signature and the trusted comment. The
algorithm `ED` signs BLAKE2b-512 of the content; the older `Ed` signs the content itself and is refused here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from releases.artifacts.faults import Fault

KEY_ALGORITHM: Final = b"Ed"
PREHASHED: Final = b"ED"
LEGACY: Final = b"Ed"
LONGEST: Final = 4096  # characters of a key or signature file; real ones have about 350
_UNTRUSTED: Final = "untrusted comment:"
_TRUSTED: Final = "trusted comment: "


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A minisign public key: 8 bytes of id, 32 bytes of Ed25519."""

    key_id: bytes
    point: bytes

    @property
    def name(self) -> str:
        """The key's id as 16 hex digits, in the order in which minisign prints it."""
        return self.key_id[::-1].hex().upper()

    @property
    def text(self) -> str:
        """The line that stands in `minisign.pub` and after `minisign -P`."""
        return base64.b64encode(KEY_ALGORITHM + self.key_id + self.point).decode()


@dataclass(frozen=True, slots=True)
class Signature:
    """A `.minisig` file, taken apart."""

    key_id: bytes
    signature: bytes
    trusted_comment: str
    global_signature: bytes

    @property
    def key_name(self) -> str:
        """The id of the key that signed, as `PublicKey.name` has it."""
        return self.key_id[::-1].hex().upper()


def read_public_key(text: str) -> PublicKey:
    """Give the key in a `minisign.pub`, or in its second line alone. Raises Fault `key.malformed`, `key.algorithm`."""
    lines = [line.strip() for line in text[:LONGEST].splitlines() if line.strip()]
    if lines and lines[0].startswith(_UNTRUSTED):
        del lines[0]
    if len(lines) != 1:
        raise Fault("key.malformed", lines=len(lines))
    raw = _bytes(lines[0], 42, "key.malformed")
    if raw[:2] != KEY_ALGORITHM:
        raise Fault("key.algorithm", algorithm=repr(raw[:2])[2:-1])
    key = PublicKey(raw[2:10], raw[10:])
    _loaded(key)
    return key


def read_signature(text: str) -> Signature:
    """Give what stands in a `.minisig`. Raises Fault `signature.…`: `malformed`, `legacy`, `algorithm`."""
    lines = text[:LONGEST].replace("\r\n", "\n").rstrip("\n").split("\n")
    if len(lines) != 4 or not lines[0].startswith(_UNTRUSTED) or not lines[2].startswith(_TRUSTED):
        raise Fault("signature.malformed", lines=len(lines))
    raw = _bytes(lines[1], 74, "signature.malformed")
    algorithm = raw[:2]
    if algorithm == LEGACY:
        raise Fault("signature.legacy", key=raw[2:10][::-1].hex().upper())
    if algorithm != PREHASHED:
        raise Fault("signature.algorithm", algorithm=repr(algorithm)[2:-1])
    return Signature(
        key_id=raw[2:10],
        signature=raw[10:],
        trusted_comment=lines[2].removeprefix(_TRUSTED),
        global_signature=_bytes(lines[3], 64, "signature.malformed"),
    )


def verify(key: PublicKey, signature: Signature, content: bytes) -> None:
    """Check that the key's holder signed `content` and the trusted comment.

    Raises Fault: `signature.other_key` (made with another key), `signature.wrong` (the content is not what was signed),
    `signature.comment` (the trusted comment was changed, or put to another signature).
    """
    if key.key_id != signature.key_id:
        raise Fault("signature.other_key", key=signature.key_name, expected=key.name)
    public = _loaded(key)
    digest = hashlib.blake2b(content, digest_size=64).digest()
    try:
        public.verify(signature.signature, digest)
    except InvalidSignature:
        raise Fault("signature.wrong", key=key.name) from None
    try:
        public.verify(signature.global_signature, signature.signature + signature.trusted_comment.encode())
    except InvalidSignature:
        raise Fault("signature.comment", key=key.name, comment=signature.trusted_comment) from None


def _loaded(key: PublicKey) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(key.point)
    except ValueError:
        raise Fault("key.malformed", lines=1) from None


def _bytes(line: str, length: int, code: str) -> bytes:
    try:
        raw = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError):
        raise Fault(code, lines=1) from None
    if len(raw) != length:
        raise Fault(code, lines=1)
    return raw
