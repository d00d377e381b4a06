"""Encrypting anew, under the newest of ENCRYPTION_KEYS, whatever is stored under an older one.

A value is replaced only where it still is what was read: somebody who writes at the same time wins,
and has written under the newest key already. So it runs beside everything else, may be killed, and
may be run again. Whoever read a second factor before and saves it after puts the older ciphertext
back, so it goes over everything until it finds nothing to do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Model

from common.encryption import Undecryptable, is_current, renew
from shipments.feeds.models import AggregatorConnection, CarrierConnection
from shops.tenancy import ShopRow
from webhooks.models import Webhook

COLUMNS: dict[type[ShopRow], tuple[str, ...]] = {
    Webhook: ("secret", "previous_secret"),
    AggregatorConnection: ("encrypted_secret",),
    CarrierConnection: ("encrypted_credentials",),
}
FACTOR_SECRETS = ("secret", "seed", "migrated_codes")
"""Of a second factor's data: texts, or lists of them. A security key's are public, in clear."""
BATCH = 500


@dataclass(kw_only=True)
class Rotated:
    renewed: int = 0
    lost: int = 0
    """Under a key that is not among ENCRYPTION_KEYS: left as it is."""


def rotate_secrets() -> Rotated:
    """Of all shops and people, until there is nothing more to do."""
    rotated = Rotated()
    while True:
        before, rotated.lost = rotated.renewed, 0
        for model, columns in COLUMNS.items():
            for row in model._default_manager.only("shop_id", *columns).iterator(BATCH):
                for column in columns:
                    _rotate(rotated, row, column, shop_id=row.shop_id)
        for factor in Authenticator.objects.iterator(BATCH):
            _rotate(rotated, factor, "data")
        if rotated.renewed == before:
            return rotated


def _rotate(rotated: Rotated, row: Model, column: str, **of_shop: UUID) -> None:
    stored = getattr(row, column)
    try:
        if all(is_current(text) for text in _secrets(stored)):
            return
        renewed = _renewed(stored)
    except Undecryptable:
        rotated.lost += 1
        return
    rows = type(row)._default_manager.filter(pk=row.pk, **of_shop, **{column: stored})
    rotated.renewed += rows.update(**{column: renewed})


def _secrets(stored: Any) -> Iterator[str]:
    """What is encrypted in the value of a column."""
    if isinstance(stored, str):
        if stored:
            yield stored
    elif isinstance(stored, list):
        yield from stored
    else:
        for name in FACTOR_SECRETS:
            yield from _secrets(stored.get(name, ""))


def _renewed(stored: Any) -> Any:
    if isinstance(stored, str):
        return renew(stored) if stored else stored
    if isinstance(stored, list):
        return [renew(text) for text in stored]
    return {
        name: _renewed(value) if name in FACTOR_SECRETS else value for name, value in stored.items()
    }
