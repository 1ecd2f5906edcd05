"""Secrets that must be read again to be used (a webhook's key): encrypted at rest under the server's own key."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

from foundation.kit.errors import Unavailable


def seal(plain: str) -> str:
    """Encrypt text for storage; a backup of the database alone does not give it away."""
    return _keys().encrypt(plain.encode()).decode()


def unseal(sealed: str) -> str:
    """Give the text that `seal` was given; raises Unavailable where the server's key is another one by now."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unavailable(
            "vault.key_changed",
            _(
                "A stored secret cannot be read: SECRET_KEY is not the one it was stored under. Give the old key in "
                "SECRET_KEY_FALLBACKS, or make a new secret."
            ),
        ) from None


def _keys() -> MultiFernet:
    return MultiFernet([_fernet(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(key: str) -> Fernet:
    # A key of its own, so that what is sealed here and what Django signs never meet under one key.
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"fieldloop.vault").derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
