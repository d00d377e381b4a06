"""How a shop without orders sends its first one: a command to paste."""

import json

from django.http import HttpRequest

from shops.models import Shop


def first_order_command(request: HttpRequest, shop: Shop) -> str:
    address = request.build_absolute_uri(f"/v1/shops/{shop.slug}/orders")
    body = json.dumps(FIRST_ORDER, indent=2)
    return (
        f"curl -X PUT {address} \\\n"
        f"  -u {shop.slug}:YOUR_API_KEY \\\n"
        f"  -H 'Content-Type: application/json' \\\n"
        f"  -d '{body}'"
    )


FIRST_ORDER = {
    "id": "1001",
    "order": {
        "order_number": "1001",
        "total_order_price": 29.99,
        "email_id": "jane@example.com",
        "address": {
            "name": "Jane Doe",
            "address_line_1": "Teststr. 1",
            "zip_code": "10119",
            "city": "Berlin",
            "country_code": "DE",
        },
    },
    "trackings": [],
}
