"""The codes and secrets of devices: how they are made, written, read back and kept. Pure, but for the server's key."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

from django.core import signing
from django.utils.crypto import salted_hmac

# Without letters and digits that are mistaken for each other on a small screen or over a radio (0 O, 1 I L, U V, 5 S).
ALPHABET: Final = "234679ABCDEFGHJKMNPQRTVWXYZ"
# 27 ** 12 codes: at twenty tries a minute and address nobody meets one of those that are open.
LENGTH: Final = 12
GROUP: Final = 4
# Lets secret scanners, and our own door, tell a device's token from a person's.
TOKEN_PREFIX: Final = "fieldloop_device_"  # noqa: S105 -- it says so itself
_CODE_SALT: Final = "fieldloop.accounts.enrolment-code"
_COOKIE_SALT: Final = "fieldloop.accounts.device"


def new_code() -> str:
    """Give a new code as people read it: `K7QM-2XPD-9TRA`."""
    letters = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def code_digest(code: str) -> str:
    """Give what is kept of a code, however it was typed (case, spaces, hyphens).

    With the server's key in it: so short a secret could be guessed from a plain digest.
    """
    letters = "".join(letter for letter in code.upper() if letter.isalnum())[: 2 * LENGTH]
    return salted_hmac(_CODE_SALT, letters, algorithm="sha256").hexdigest()


def new_secret() -> str:
    """Give a new token of a device (256 random bits)."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def secret_digest(secret: str) -> str:
    """Give what is kept of a device's token."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def signed(secret: str) -> str:
    """Give the value of the cookie in which a browser keeps its device's token."""
    return signing.Signer(salt=_COOKIE_SALT).sign(secret)


def unsigned(cookie: str) -> str | None:
    """Give the token in such a cookie; None for a value that this server has not signed."""
    try:
        return signing.Signer(salt=_COOKIE_SALT).unsign(cookie)
    except signing.BadSignature:
        return None
