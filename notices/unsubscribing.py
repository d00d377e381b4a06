"""Wanting no more mail of a shop: one click, without logging in, and for good.

A link's token is URL-safe Base64 of shop id ‖ digest of the address ‖ the first 12 bytes of
HMAC-SHA256 over both. It names nobody, works as long as its key is among
`settings.ENCRYPTION_KEYS`, and cannot be made for another address without the key.
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

from common.ids import new_id
from common.rows import insert_new_rows
from notices.addresses import address_digest
from notices.models import Unsubscription
from shops.models import Shop

_ID, _DIGEST, _MAC = 16, 32, 12
_TOKEN_CHARACTERS = 80  # of 60 bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscriber:
    """Whom a link is about: an address, by its digest, in a shop."""

    shop_id: UUID
    digest: str


def unsubscribe_url(shop_id: UUID, address: str) -> str:
    return f"{settings.BASE_URL.rstrip('/')}/unsubscribe/{unsubscribe_token(shop_id, address)}"


def unsubscribe_token(shop_id: UUID, address: str) -> str:
    named = shop_id.bytes + bytes.fromhex(address_digest(shop_id, address))
    return urlsafe_b64encode(named + _mac(settings.ENCRYPTION_KEYS[0], named)).decode()


def subscriber_of(token: str) -> Subscriber | None:
    """Whom the token names; None if it is none of ours."""
    if len(token) != _TOKEN_CHARACTERS:
        return None
    try:
        raw = urlsafe_b64decode(token)
    except (Base64Error, ValueError):
        return None
    named, mac = raw[:-_MAC], raw[-_MAC:]
    if len(raw) != _ID + _DIGEST + _MAC or not any(
        hmac.compare_digest(mac, _mac(key, named)) for key in settings.ENCRYPTION_KEYS
    ):
        return None
    return Subscriber(shop_id=UUID(bytes=named[:_ID]), digest=named[_ID:].hex())


def unsubscribe(shop: Shop, digest: str) -> None:
    """Twice is the same as once."""
    row = {"id": new_id(), "shop_id": shop.id, "address_digest": digest}
    insert_new_rows(Unsubscription, [row])


def subscribe_again(shop: Shop, digest: str) -> None:
    Unsubscription.objects.of(shop).filter(address_digest=digest).delete()


def is_unsubscribed(shop: Shop, digest: str) -> bool:
    return Unsubscription.objects.of(shop).filter(address_digest=digest).exists()


def unsubscribed(shop: Shop, digests: set[str]) -> set[str]:
    """Those of the digests that want no mail."""
    rows = Unsubscription.objects.of(shop).filter(address_digest__in=digests)
    return set(rows.values_list("address_digest", flat=True))


def _mac(key: str, named: bytes) -> bytes:
    return hmac.digest(_signing_key(key), named, sha256)[:_MAC]


@lru_cache(maxsize=8)
def _signing_key(said: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"karla unsubscribe links")
    return derived.derive(said.encode())
