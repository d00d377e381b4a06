"""Secrets that must be read again (a webhook's, a carrier's), encrypted where they are stored.

Fernet (AES-128-CBC with HMAC-SHA256) under keys made from `settings.ENCRYPTION_KEYS`: the first one
encrypts, all of them decrypt, so that a key is renewed by putting a new one in front; then
`manage.py rotate_secrets` encrypts anew what is stored (portal.rotation).
"""

from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Undecryptable(Exception):
    """What is stored was encrypted with a key that this installation no longer has."""


def encrypt(text: str) -> str:
    return _cipher(tuple(settings.ENCRYPTION_KEYS)).encrypt(text.encode()).decode()


def decrypt(stored: str) -> str:
    """What `encrypt` was given; raises Undecryptable."""
    try:
        return _cipher(tuple(settings.ENCRYPTION_KEYS)).decrypt(stored.encode()).decode()
    except InvalidToken as error:
        raise Undecryptable("No key in ENCRYPTION_KEYS decrypts what is stored.") from error


def is_current(stored: str) -> bool:
    """Whether it is under the newest key."""
    try:
        _cipher(tuple(settings.ENCRYPTION_KEYS[:1])).decrypt(stored.encode())
    except InvalidToken:
        return False
    return True


def renew(stored: str) -> str:
    """The same text under the newest key; raises Undecryptable."""
    return encrypt(decrypt(stored))


@lru_cache(maxsize=8)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_fernet_key(key)) for key in keys])


def _fernet_key(said: str) -> bytes:
    """Any long random text makes a key; HKDF, because there is nothing to guess in it."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"karla encryption at rest")
    return urlsafe_b64encode(derived.derive(said.encode()))
