"""What answers look like, for the API's description."""

from typing import Any

_FIGURE = {"value": 0.9625, "numerator": 231, "denominator": 240}

ANSWER: dict[str, Any] = {
    "number": "delivery_success_rate",
    "title": "Delivery success rate",
    **_FIGURE,
    "unit": "share",
    "parts": {
        "on_their_way": {
            "title": "still on their way",
            "unit": "count",
            "value": 17,
            "numerator": 17,
            "denominator": None,
        }
    },
    "excluded": [
        {"key": "cancelled", "count": 4, "why": "cancelled before anything was sent"},
        {"key": "unsent", "count": 2, "why": "nothing was sent yet"},
        {"key": "on_their_way", "count": 17, "why": "still on their way"},
    ],
    "formula": "orders whose parcels were all delivered ÷ orders decided",
    "definition": (
        "Of the orders whose every parcel has been delivered, returned or given up, the share of "
        "those whose parcels were all delivered."
    ),
    "from": "2026-03-01",
    "to": "2026-03-31",
    "interval": "month",
    "group_by": ["country"],
    "timezone": "Europe/Berlin",
    "currency": "EUR",
    "by_currency": [{"currency": "EUR", **_FIGURE, "parts": {}}],
    "series": [{"from": "2026-03-01", "to": "2026-03-31", **_FIGURE}],
    "groups": [
        {
            "keys": ["DE"],
            "labels": ["Germany"],
            **_FIGURE,
            "parts": {},
            "rows": (
                "https://shop.example/v1/shops/demo/analytics/delivery_success_rate/rows"
                "?from=2026-03-01&to=2026-03-31&country=DE"
            ),
        }
    ],
    "previous": {
        "from": "2026-01-29",
        "to": "2026-02-28",
        "value": 0.95,
        "numerator": 190,
        "denominator": 200,
        "parts": {},
    },
    "year_before": None,
    "rows": (
        "https://shop.example/v1/shops/demo/analytics/delivery_success_rate/rows"
        "?from=2026-03-01&to=2026-03-31"
    ),
}

ROW: dict[str, Any] = {
    "id": "019ce0a1-7c1e-7d4b-9d53-0f6f5f0b8a11",
    "order_id": "019ce0a1-7c1e-7d4b-9d53-0f6f5f0b8a11",
    "order_number": "11334422",
    "order_placed_at": "2026-03-02T08:14:00Z",
    "day": "2026-03-02",
    "currency": "EUR",
    "country": "DE",
    "segments": ["new"],
    "campaign": "",
    "total_order_price": 110.0,
    "carriers": ["dhl"],
    "shipments": 1,
    "shipments_delivered": 1,
    "is_claimed": False,
    "is_opened": True,
    "is_in_numerator": True,
}

DEFINITION: dict[str, Any] = {
    "number": "claim_rate",
    "title": "Claim rate",
    "unit": "share",
    "definition": "The share of orders with at least one claim.",
    "formula": "orders with a claim ÷ orders",
    "numerator": "orders with a claim",
    "denominator": "orders",
    "excluded": {"cancelled": "cancelled before anything was sent"},
    "group_by": ["carrier", "country", "segment", "campaign", "currency"],
    "parts": ["cancelled", "counted", "numerator"],
}
