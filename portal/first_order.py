"""How a shop without orders sends its first one: a command to paste."""

import json
from typing import Any

from django.http import HttpRequest

from intake.test_parcels import SAMPLE
from orders.models import Order
from shops.models import Shop

PLACEHOLDER = "YOUR_API_KEY"


def first_order_command(request: HttpRequest, shop: Shop, *, key: str = PLACEHOLDER) -> str:
    """For a shell. It works as it is where `key` is one that may edit the shop."""
    address = request.build_absolute_uri(f"/v1/shops/{shop.slug}/orders")
    body = json.dumps(SAMPLE, indent=2)
    return (
        f"curl -X PUT {address} \\\n"
        f"  -u {shop.slug}:{key} \\\n"
        f"  -H 'Content-Type: application/json' \\\n"
        f"  -d '{body}'"
    )


def no_numbers_yet(request: HttpRequest, shop: Shop) -> dict[str, Any]:
    """What a page of numbers shows of a shop that has no order but those of test parcels."""
    return {
        "command": first_order_command(request, shop),
        "has_test_orders": Order.objects.of(shop).exists(),
    }
