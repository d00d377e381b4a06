"""What is held of customers, said as data: each app lists its tables in its `personal_data.py`.

One declaration says how the rows of a customer are found, and so how they are counted, exported and
erased. The SQL in it knows these parameters: `shop`, `orders` (ids), and for what names a customer
beside their orders `address` (their e-mail in lower case), `quoted` (the same in a URL) and
`digests` (what stands for it: `privacy.addresses`); of who has no e-mail the former two are NULL,
which is found nowhere; and `words` (patterns of their names and phones: `privacy.spelling`). The
table's alias is `held`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from privacy.addresses import digests_of, quoted
from privacy.spelling import patterns_of
from shops.models import Shop

OF_SHOP = "held.shop_id = %(shop)s"


@dataclass(frozen=True, kw_only=True)
class Held:
    """Rows of one table. Erasing deletes them, sets some of their columns, or leaves them."""

    what: str | Promise
    """As people call them."""
    table: str
    rows: str
    """Which ones are a customer's: a condition."""
    by_address: bool = False
    """Whether they are looked for once, by the e-mail, too: not with each batch of orders."""
    goes: bool = False
    becomes: Mapping[str, str] = field(default_factory=dict)
    """What erasing sets, by column; a row of which nothing changes is no person's any more."""
    files: str = ""
    """The column that names a stored file, which goes with its row."""
    is_told: bool = True
    """Whether an export has them."""
    untold: tuple[str, ...] = ()
    """Columns that an export leaves out: made of others, or secret."""
    of_shop: str = OF_SHOP

    @property
    def condition(self) -> str:
        return f"{self.of_shop} AND ({self.rows})"


@dataclass(frozen=True, kw_only=True)
class Ageing:
    """Rows that a shop keeps for so long: `held.rows` knows `before`, and no customer."""

    setting: str
    """The field of `privacy.models.Retention`."""
    held: Held


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Whom the rows are looked for: orders of a shop, and the e-mail, if they have one."""

    shop: Shop
    orders: Sequence[UUID]
    address: str = ""
    names: Sequence[str] = ()
    """Names and phones, as their orders say or said them."""

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "shop": self.shop.id,
            "orders": list(self.orders),
            "address": self.address.lower() or None,
            "quoted": quoted(self.address) or None,
            "words": patterns_of(self.names),
            "digests": digests_of(self.shop, self.address) if self.address else [],
        }
