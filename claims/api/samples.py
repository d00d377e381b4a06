"""Claims as they are sent and read, for the API's description; a test holds them to its models."""

from typing import Any

from orders.api.samples import READ_ORDER, READ_SHIPMENT

_ITEM: dict[str, Any] = {"sku": "A-1", "title": "Product A", "quantity": 1, "net_price": 10}
SAMPLE_CLAIM = {
    "tracking_number": READ_SHIPMENT["tracking_number"],
    "reason": "damage",
    "resolution_preference": "refund",
    "description": "The lid is cracked.",
    "selected_items": [_ITEM],
    "image_urls": ["https://shop.example/claims/lid.jpg"],
}
READ_CLAIM: dict[str, Any] = {
    "uuid": "01932c5e-7a12-7d05-8c11-9f2e4b6a0d17",
    "order_id": READ_ORDER["uuid"],
    "order_number": READ_ORDER["order_number"],
    "shipment_id": READ_SHIPMENT["uuid"],
    "reason": "damage",
    "status": "pending",
    "resolution_preference": "refund",
    "description": "The lid is cracked.",
    "customer_signature_image_url": None,
    "selected_items": [{**_ITEM, "image_urls": []}],
    "image_urls": ["https://shop.example/claims/lid.jpg"],
    "dropoff_permission": None,
    "address": READ_ORDER["address"],
    "net_invoice_amount": 10,
    "tracking_number": READ_SHIPMENT["tracking_number"],
    "carrier_reference": READ_SHIPMENT["carrier_reference"],
    "scan_date": "2026-03-01T18:05:00+00:00",
    "weight_kg": 0.4,
    "shop_slug": "demo",
    "created_at": "2026-03-04T10:12:00+00:00",
    "updated_at": "2026-03-04T10:12:00+00:00",
    "deleted_at": None,
}
