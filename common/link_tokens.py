"""Tokens in links that we send: what they name, and the proof that we made them. Stored nowhere.

A token is URL-safe Base64 of what it names ‖ the first 12 bytes of HMAC-SHA256 over it, under a key
made from `settings.ENCRYPTION_KEYS`: the newest key signs, every one of them opens. So nobody makes
one for something else without the key, nor for another purpose with one that they have.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_MAC = 12


def make_token(named: bytes, *, purpose: str) -> str:
    return token_maker(purpose)(named)


def token_maker(purpose: str) -> Callable[[bytes], str]:
    """For many tokens at once: the key is made ready once."""
    mac = _mac_maker(_signing_key(settings.ENCRYPTION_KEYS[0], purpose))
    return lambda named: _encoded(named + mac(named))


def open_token(token: str, *, length: int, purpose: str) -> bytes | None:
    """The `length` bytes that it names; None if it is none of ours."""
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (Base64Error, ValueError):
        return None
    if len(raw) != length + _MAC or _encoded(raw) != token:
        return None
    named, mac = raw[:length], raw[length:]
    keys = (_signing_key(key, purpose) for key in settings.ENCRYPTION_KEYS)
    is_ours = any(hmac.compare_digest(mac, _mac_maker(key)(named)) for key in keys)
    return named if is_ours else None


def _encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _mac_maker(key: bytes) -> Callable[[bytes], bytes]:
    """Each begins as a copy: `hmac.digest` looks the digest up and hashes the key each time."""
    begun = hmac.new(key, digestmod="sha256")

    def mac(named: bytes) -> bytes:
        one = begun.copy()
        one.update(named)
        return one.digest()[:_MAC]

    return mac


@lru_cache(maxsize=16)
def _signing_key(said: str, purpose: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"karla {purpose}".encode())
    return derived.derive(said.encode())
