"""The order of a list of shipments: one column, then the id, so that pages can follow each other.

Newest first is by when the shipment was first expected. Where a list is narrowed by what its
orders are, it is by when they were placed: such conditions are looked up among the orders, in the
order of their dates, and a window of last year is found without passing all that came later. But
where few shipments are meant anyway, their orders are looked at one by one.
"""

from collections.abc import Mapping

from shipments.phases import Direction, Flag, Phase

NEWEST = "created_at"
NEWEST_BY_ORDER = "placed_at"

_OF_ORDERS = ("country_code", "segment", "placed_from", "placed_to")
_FREQUENT = {
    "phase": Phase.DELIVERED,
    "flag": Flag.NORMAL,
    "direction": Direction.MERCHANT_CUSTOMER,
}
"""What most shipments are; everything else in these columns is what few of them are."""


def newest_by(said: Mapping[str, str]) -> str:
    """The column that a list is in the order of; `said` are its filters by their names."""
    is_of_orders = any(name in said for name in _OF_ORDERS)
    are_few = any(said.get(name, usual) != usual for name, usual in _FREQUENT.items())
    return NEWEST_BY_ORDER if is_of_orders and not are_few else NEWEST
