"""Secrets that the portal has to read again, sealed with a key of its own.

The key is derived from SECRET_KEY (HKDF, RFC 5869), so that a copy of the database
alone opens nothing. What was sealed under SECRET_KEY_FALLBACKS is still read.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"accounts.factors.sealing"


class Unreadable(Exception):
    """It was sealed under a key that this portal does not have any more."""


def seal(text: str) -> str:
    """Give a text that only this portal reads."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Give the text back; raises Unreadable."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as broken:
        raise Unreadable from broken


def _box() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_derived(str(key))) for key in keys])


def _derived(key: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE)
    return urlsafe_b64encode(derivation.derive(key.encode()))
