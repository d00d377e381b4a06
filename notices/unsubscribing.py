"""Wanting no more mail of a shop: one click, without logging in, and for good.

A link's token names the shop and a digest of the address (common.link_tokens), so it names nobody.
"""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from common.ids import new_id
from common.link_tokens import make_token, open_token
from common.rows import insert_new_rows
from notices.addresses import address_digest
from notices.models import Unsubscription
from shops.models import Shop

_ID, _DIGEST = 16, 32
_PURPOSE = "unsubscribe links"


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscriber:
    """Whom a link is about: an address, by its digest, in a shop."""

    shop_id: UUID
    digest: str


def unsubscribe_url(shop_id: UUID, address: str) -> str:
    return f"{settings.BASE_URL}/unsubscribe/{unsubscribe_token(shop_id, address)}"


def unsubscribe_token(shop_id: UUID, address: str) -> str:
    digest = bytes.fromhex(address_digest(shop_id, address))
    return make_token(shop_id.bytes + digest, purpose=_PURPOSE)


def subscriber_of(token: str) -> Subscriber | None:
    """Whom the token names; None if it is none of ours."""
    named = open_token(token, length=_ID + _DIGEST, purpose=_PURPOSE)
    if named is None:
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
