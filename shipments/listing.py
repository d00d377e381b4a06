"""The order of a list of shipments: one column, then the id, so that pages can follow each other.

Newest first is by when the shipment was first expected. Where a list is narrowed by what its
orders are, it is by when they were placed: such conditions are looked up among the orders, in the
order of their dates, and a window of last year is found without passing all that came later.
"""

from collections.abc import Container

NEWEST = "created_at"
NEWEST_BY_ORDER = "placed_at"
_OF_ORDERS = ("country_code", "placed_from", "placed_to")


def newest_by(conditions: Container[str]) -> str:
    """The column that a list with these filters is in the order of."""
    return NEWEST_BY_ORDER if any(name in conditions for name in _OF_ORDERS) else NEWEST
