"""Links to customers' photos: signed, and good for a while only.

A token is URL-safe Base64 of shop id ‖ photo id ‖ the hour when it ends ‖ the first 12 bytes of
HMAC-SHA256 over all of it, under a key made from `settings.ENCRYPTION_KEYS`. So a photo has no
address that could be guessed, and one that leaked ends by itself.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils import timezone

from claims.models import Claim, ClaimPhoto, PhotoKind

FOR_PROGRAMS = timedelta(days=7)
FOR_PAGES = timedelta(hours=1)

_ID, _HOUR, _MAC = 16, 4, 12
_TOKEN_CHARACTERS = 64  # of 48 bytes


@dataclass(frozen=True, kw_only=True)
class LinkedPhoto:
    shop_id: UUID
    photo_id: UUID
    expires_at: datetime


def photo_url(photo: ClaimPhoto, *, lasting: timedelta = FOR_PROGRAMS) -> str:
    """Good for at least so long; the same link for all who ask within one such span."""
    return f"{settings.BASE_URL}{photo_path(photo, lasting=lasting)}"


def photo_path(photo: ClaimPhoto, *, lasting: timedelta = FOR_PAGES) -> str:
    span = int(lasting.total_seconds()) // 3600
    now = int(timezone.now().timestamp()) // 3600
    ends = (now // span + 2) * span
    named = photo.shop_id.bytes + photo.id.bytes + ends.to_bytes(_HOUR, "big")
    token = urlsafe_b64encode(named + _mac(settings.ENCRYPTION_KEYS[0], named)).decode()
    return f"/photos/{token}"


def linked_photo(token: str) -> LinkedPhoto | None:
    """Which photo the token opens; None if it is none of ours, or has ended."""
    if len(token) != _TOKEN_CHARACTERS:
        return None
    try:
        raw = urlsafe_b64decode(token)
    except (Base64Error, ValueError):
        return None
    named, mac = raw[:-_MAC], raw[-_MAC:]
    if not any(hmac.compare_digest(mac, _mac(key, named)) for key in settings.ENCRYPTION_KEYS):
        return None
    hour = int.from_bytes(named[2 * _ID :], "big")
    expires_at = datetime.fromtimestamp(hour * 3600, UTC)
    if expires_at <= timezone.now():
        return None
    return LinkedPhoto(
        shop_id=UUID(bytes=named[:_ID]),
        photo_id=UUID(bytes=named[_ID : 2 * _ID]),
        expires_at=expires_at,
    )


def image_urls(
    claim: Claim, photos: Sequence[ClaimPhoto], *, only_optional: bool = False
) -> list[str]:
    """Those that came by the API, then the customer's; or only those that no flow asked for."""
    own = [
        photo_url(photo)
        for photo in photos
        if photo.kind == PhotoKind.PHOTO and (photo.is_optional or not only_optional)
    ]
    return own if only_optional else [*claim.image_urls, *own]


def signature_url(claim: Claim, photos: Sequence[ClaimPhoto]) -> str | None:
    own = (photo_url(photo) for photo in photos if photo.kind == PhotoKind.SIGNATURE)
    return claim.customer_signature_image_url or next(own, None)


def _mac(key: str, named: bytes) -> bytes:
    return hmac.digest(_signing_key(key), named, sha256)[:_MAC]


@lru_cache(maxsize=8)
def _signing_key(said: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"karla claim photos")
    return derived.derive(said.encode())
