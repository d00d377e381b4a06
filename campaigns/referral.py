"""The referral parameter that links of tracking pages carry: which campaign, on whose page.

URL-safe Base64 of campaign id ‖ order id ‖ the first 8 bytes of an HMAC-SHA256 over them and the
shop's id, under a key made from `settings.ENCRYPTION_KEYS`: nobody can make one up, and it says
nothing of the order but its id, which opens no page.
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

PARAMETER = "karla_ref"
_ID, _MAC = 16, 8
_CHARACTERS = 54  # of 40 bytes, without padding


@dataclass(frozen=True, kw_only=True, slots=True)
class Referral:
    campaign_id: UUID
    order_id: UUID
    """On whose page the link was clicked."""


def referral_text(shop_id: UUID, referral: Referral) -> str:
    named = referral.campaign_id.bytes + referral.order_id.bytes
    mac = _mac(settings.ENCRYPTION_KEYS[0], shop_id, named)
    return urlsafe_b64encode(named + mac).decode().rstrip("=")


def read_referral(shop_id: UUID, text: str) -> Referral | None:
    """None if it is none that this shop's pages gave."""
    if len(text) != _CHARACTERS or not text.isascii():
        return None
    try:
        raw = urlsafe_b64decode(f"{text}==")
    except (Base64Error, ValueError):
        return None
    named, mac = raw[: 2 * _ID], raw[2 * _ID :]
    if not any(
        hmac.compare_digest(mac, _mac(key, shop_id, named)) for key in settings.ENCRYPTION_KEYS
    ):
        return None
    return Referral(campaign_id=UUID(bytes=named[:_ID]), order_id=UUID(bytes=named[_ID:]))


def _mac(key: str, shop_id: UUID, named: bytes) -> bytes:
    return hmac.digest(_signing_key(key), shop_id.bytes + named, sha256)[:_MAC]


@lru_cache(maxsize=8)
def _signing_key(said: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"karla campaign referrals")
    return derived.derive(said.encode())
