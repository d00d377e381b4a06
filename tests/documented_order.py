"""The order of the public documentation, as a client sends it."""

from typing import Any

PRODUCT: dict[str, Any] = {
    "bundled_products": [],
    "images": [{"src": "https://shop.example/myimage.png", "alt": "Product A"}],
    "price": 10,
    "quantity": 1,
    "tax_lines": [],
    "title": "Product A",
    "type": "product",
}


def documented_order(**changes: Any) -> dict[str, Any]:
    return {
        "order_number": "11334422",
        "order_name": "IXF1234",
        "order_placed_at": "2023-03-17T09:51:41+00:00",
        "total_order_price": 29.99,
        "shipping_price": 4.99,
        "sub_total_price": 40,
        "discount_price": 4.99,
        "products": [PRODUCT],
        "discounts": [{"amount": "10.0", "code": "ULTRA_OFFER", "type": "percentage"}],
        "email_id": "jane@example.com",
        "address": {
            "address_line_1": "Teststr. 1",
            "address_line_2": "2nd floor",
            "city": "Berlin",
            "country": "Germany",
            "country_code": "DE",
            "name": "Jane Doe",
            "phone": "+49 123 4567890",
            "province": "Berlin",
            "province_code": "BE",
            "street": "Teststr. 1, 2nd floor",
            "zip_code": "10119",
            "company": "Example GmbH",
        },
        "currency": "EUR",
        "segments": ["segment1", "segment2"],
        "weight": 1000,
        "external_customer_id": "1234067358984",
        "order_status_url": "https://shop.example/orders/aabbcc/authenticate?key=secret",
        "external_id": "2205783916624",
        "preferred_delivery_date": {
            "start": "2019-08-24T14:15:22Z",
            "end": "2019-08-24T14:15:22Z",
            "updated_at": "2019-08-24T14:15:22Z",
            "source": "string",
        },
        "user_agent": ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/111.0.0.0"],
        "order_analytics": {},
        "expected_number_of_shipments": 1,
        **changes,
    }


def documented_placement(**changes: Any) -> dict[str, Any]:
    """The documented upsert that only places the order."""
    return {
        "id": "11334422",
        "id_type": "order_number",
        "order": documented_order(**changes),
        "trackings": [],
    }


def documented_fulfilment(**changes: Any) -> dict[str, Any]:
    """The documented upsert that attaches a tracking to it."""
    tracking = {
        "products": [PRODUCT],
        "tracking_number": "123456",
        "tracking_placed_at": "2025-07-23T11:47:37.470473Z",
        "tracking_company": "Carrier Name",
    }
    return {"id": "11334422", "id_type": "order_number", "trackings": [{**tracking, **changes}]}
