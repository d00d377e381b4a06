"""A campaign and a discount as the API's description shows them."""

from typing import Any

SAMPLE_DISCOUNT: dict[str, Any] = {
    "code": "THANKS10",
    "title": "10 % off your next order",
    "type": "order",
    "value_type": "percentage",
    "value": 10,
}

SAMPLE_CAMPAIGN: dict[str, Any] = {
    "name": "Spring sale",
    "enabled": True,
    "start_date": "2027-03-01T00:00:00+01:00",
    "end_date": "2027-04-01T00:00:00+02:00",
    "segment": "vip",
    "promotion_type": "basic",
    "promotion_properties": {
        "title": "Spring is here",
        "subtitle": "New colours, and 10 % off for you.",
        "cta_label": "Look at what is new",
        "cta_url": "https://shop.example/spring",
        "image_url": "https://shop.example/spring.jpg",
        "translations": {"de": {"title": "Der Frühling ist da", "cta_label": "Zu den Neuheiten"}},
    },
    "holdout_percent": 10,
}

_DATED = {
    "shop_slug": "demo",
    "created_at": "2027-02-20T09:00:00+00:00",
    "updated_at": "2027-02-20T09:00:00+00:00",
}

READ_DISCOUNT: dict[str, Any] = {
    "uuid": "019c7a51-7c1e-7b54-a0f1-0f5d4f0c2a10",
    **SAMPLE_DISCOUNT,
    **_DATED,
}

READ_CAMPAIGN: dict[str, Any] = {
    "uuid": "019c7a51-9d02-7e33-8a44-6f0a5d1be001",
    **SAMPLE_CAMPAIGN,
    "code": "spring-sale",
    "status": "scheduled",
    "start_date": "2027-02-28T23:00:00+00:00",
    "end_date": "2027-03-31T22:00:00+00:00",
    "priority": 0,
    "promotion_properties": {**SAMPLE_CAMPAIGN["promotion_properties"], "products": []},
    "variant_b": None,
    "discount": READ_DISCOUNT,
    **_DATED,
}
