"""The link to an order's tracking page: unguessable, and stored nowhere.

A token is URL-safe Base64 of shop id ‖ order id ‖ the first 12 bytes of HMAC-SHA256 over both,
under a key made from `settings.ENCRYPTION_KEYS`: the newest key signs, every one of them opens. So
a link leads to its shop without a search over all shops, costs an order's writing nothing, and
cannot be made for another order without the key.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

SEEN_BY_SHOP = "?by=shop"
"""On links for the shop's own people, whose look at the page is no customer's."""

_ID, _MAC = 16, 12
_TOKEN_CHARACTERS = 59  # of 44 bytes, without padding


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkedOrder:
    """Whose page a link opens."""

    shop_id: UUID
    order_id: UUID


def tracking_page_url(shop_id: UUID, order_id: UUID) -> str:
    return f"{settings.BASE_URL}/t/{tracking_token(shop_id, order_id)}"


def tracking_token(shop_id: UUID, order_id: UUID) -> str:
    named = shop_id.bytes + order_id.bytes
    return urlsafe_b64encode(named + _mac(settings.ENCRYPTION_KEYS[0], named)).decode().rstrip("=")


def linked_order(token: str) -> LinkedOrder | None:
    """Whom the token names; None if it is none of ours."""
    if len(token) != _TOKEN_CHARACTERS:
        return None
    try:
        raw = urlsafe_b64decode(f"{token}=")
    except (Base64Error, ValueError):
        return None
    named, mac = raw[: 2 * _ID], raw[2 * _ID :]
    if not any(hmac.compare_digest(mac, _mac(key, named)) for key in settings.ENCRYPTION_KEYS):
        return None
    return LinkedOrder(shop_id=UUID(bytes=named[:_ID]), order_id=UUID(bytes=named[_ID:]))


def _mac(key: str, named: bytes) -> bytes:
    return hmac.digest(_signing_key(key), named, sha256)[:_MAC]


@lru_cache(maxsize=8)
def _signing_key(said: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"karla tracking links")
    return derived.derive(said.encode())
