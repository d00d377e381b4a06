"""Orders as they are sent and read, for the API's description; a test holds them to its models."""

from typing import Any

SAMPLE_ADDRESS = {"zip_code": "10119", "city": "Berlin", "country_code": "DE", "name": "Jane Doe"}
SAMPLE_ORDER = {
    "order_number": "11334422",
    "external_id": "2205783916624",
    "total_order_price": 29.99,
    "currency": "EUR",
    "email_id": "jane@example.com",
    "address": SAMPLE_ADDRESS,
    "products": [{"sku": "A-1", "title": "Product A", "quantity": 1, "price": 10}],
}
SAMPLE_UPSERT = {"id": "11334422", "order": SAMPLE_ORDER, "trackings": []}
SAMPLE_FULFILMENT = {
    "id": "11334422",
    "trackings": [{"tracking_number": "1Z12345E0205271686", "carrier_reference": "ups"}],
}

_ORDER_ID = "01932c5e-7a10-7c3e-9f52-3b8f0d6a4c11"
_SHIPMENT_ID = "01932c5e-7a11-70d8-8a3c-5e1b9d2f7a64"
_SHOP_ID = "01932c5e-0000-7b4d-a1f0-6c2d8e9b3f05"
_UPS_URL = "https://www.ups.com/track?tracknum=1Z12345E0205271686"

READ_PRODUCT: dict[str, Any] = {
    "product_id": None,
    "variant_id": None,
    "sku": "A-1",
    "title": "Product A",
    "quantity": 1,
    "price": 10,
    "size": None,
    "weight": 0,
    "images": [],
    "tax_lines": [],
    "type": "product",
    "bundled_products": [],
}
READ_SHIPMENT: dict[str, Any] = {
    "uuid": _SHIPMENT_ID,
    "id": _SHIPMENT_ID,
    "tracking_number": "1Z12345E0205271686",
    "carrier_reference": "ups",
    "tracking_url": _UPS_URL,
    "phase": "order_processed",
    "direction": "merchant_customer",
    "flag": "normal",
    "state": "pending",
    "estimated_arrival": None,
    "carrier": {
        "tracking_number": "1Z12345E0205271686",
        "carrier_reference": "ups",
        "tracking_url": _UPS_URL,
    },
    "pickup": None,
    "events": [],
    "products": [READ_PRODUCT],
    "merchant_id": _SHOP_ID,
    "merchant_slug": "demo",
    "shop_slug": "demo",
    "order_id": _ORDER_ID,
    "order_number": "11334422",
    "tracking_placed_at": "2026-03-01T16:20:00+00:00",
    "delivered_at": None,
    "updated_at": "2026-03-01T16:20:00+00:00",
    "is_test": False,
}
READ_ORDER: dict[str, Any] = {
    "uuid": _ORDER_ID,
    "order_number": "11334422",
    "order_name": None,
    "external_id": "2205783916624",
    "state": "fulfilled",
    "order_placed_at": "2026-02-28T09:51:41+00:00",
    "currency": "EUR",
    "total_order_price": 29.99,
    "shipping_price": 0,
    "sub_total_price": 0,
    "discount_price": 0,
    "weight": 0,
    "discounts": [],
    "email_id": "jane@example.com",
    "external_customer_id": None,
    "address": {
        "address_line_1": None,
        "address_line_2": None,
        "city": "Berlin",
        "company": None,
        "country": None,
        "country_code": "DE",
        "name": "Jane Doe",
        "phone": None,
        "province": None,
        "province_code": None,
        "street": None,
        "zip_code": "10119",
    },
    "segments": [],
    "order_status_url": None,
    "preferred_delivery_date": None,
    "user_agent": None,
    "order_analytics": {},
    "expected_number_of_shipments": 1,
    "products": [READ_PRODUCT],
    "merchant_slug": "demo",
    "shop_slug": "demo",
    "created_at": "2026-02-28T09:51:42+00:00",
    "updated_at": "2026-03-01T16:20:00+00:00",
    "cancelled_at": None,
    "tracking_page_url": "https://track.example.com/t/AZqxk3Jtf6mTqk0kq8b2ZwGasZQ9V3m8r1C0m5u7wJ1u2YpQ4sX8tLbNc3E",
    "is_test": False,
    "trackings": [READ_SHIPMENT],
    "shipments": [READ_SHIPMENT],
}
WRITTEN_ORDER = {**READ_ORDER, "ignored_trackings": []}
READ_BULK = [
    {
        "index": 0,
        "outcome": "created",
        "uuid": _ORDER_ID,
        "order_number": "11334422",
        "ignored_trackings": [],
        "errors": [],
    },
    {
        "index": 1,
        "outcome": "refused",
        "uuid": None,
        "order_number": None,
        "ignored_trackings": [],
        "errors": [
            {
                "loc": ["body", 1, "order", "address", "zip_code"],
                "msg": "Field required",
                "field": "zip_code",
                "type": "missing",
            }
        ],
    },
]
