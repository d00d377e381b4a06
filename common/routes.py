"""What a request calls, as people name it: by its route, which holds no value out of the URL."""

import re
from functools import lru_cache

from common.trace import Via

_VIAS = {
    "v1/feeds/": Via.FEED,
    "v1/": Via.API,
    "admin/": Via.BACK_OFFICE,
    "t/": Via.CUSTOMER,
    "photos/": Via.CUSTOMER,
    "unsubscribe/": Via.CUSTOMER,
}
_OF_THE_SHOP = re.compile(r"^(v1/)?shops/<slug:slug>/")
_PARAMETER = re.compile(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>")


@lru_cache(maxsize=1024)
def via_of(route: str) -> Via:
    return next((via for start, via in _VIAS.items() if route.startswith(start)), Via.PORTAL)


@lru_cache(maxsize=1024)
def call_of(method: str, route: str) -> str:
    """`PUT /orders`, `POST /shipments/{shipment_id}/events`; without the shop, which is known."""
    path = _OF_THE_SHOP.sub("", route.lstrip("^").rstrip("$"))
    path = _PARAMETER.sub(lambda found: f"{{{found[1] or found[2]}}}", path)
    return f"{method} /{path}"
