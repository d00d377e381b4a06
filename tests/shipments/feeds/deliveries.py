"""Deliveries of aggregators, signed as they sign them, in the form that their documentation has."""

import hmac
import json
from base64 import b64encode
from hashlib import sha256
from typing import Any

from django.test import Client

from shipments.feeds.aggregators.connections import connect_aggregator
from shipments.feeds.models import Aggregator
from shops.models import Shop

SECRET = "hunter2 und Grüße"  # noqa: RUF100
NUMBER = "1Z12345E0205271688"


class Sender:
    """An aggregator with an account that the shop has connected."""

    def __init__(self, shop: Shop, aggregator: Aggregator, secret: str = SECRET) -> None:
        self.aggregator = aggregator
        self.secret = secret
        self.connection, self.address = connect_aggregator(
            shop, aggregator=aggregator, secret=secret
        )
        self.url = f"/v1/feeds/{self.address.token}/{aggregator}"
        self.client = Client(raise_request_exception=False, SERVER_NAME="localhost")

    def deliver(self, said: Any, **headers: str) -> Any:
        """`said` goes as JSON, or as it is when it is bytes; `headers` replace the signature."""
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        sign = sign_as_aftership if self.aggregator == "aftership" else sign_as_easypost
        return self.client.post(
            self.url,
            body,
            content_type="application/json",
            headers=headers or sign(self.secret, body),
        )


def sign_as_aftership(secret: str, body: bytes) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, sha256).digest()
    return {"aftership-hmac-sha256": b64encode(digest).decode()}


def sign_as_easypost(secret: str, body: bytes) -> dict[str, str]:
    """`secret` in its composed form, while EasyPost signs with the decomposed one."""
    decomposed = secret.replace("ü", "u\u0308")
    digest = hmac.new(decomposed.encode(), body, sha256).hexdigest()
    return {"X-Hmac-Signature": f"hmac-sha256-hex={digest}"}


def aftership_checkpoint(subtag: str, at: str, **fields: Any) -> dict[str, Any]:
    return {
        "slug": "ups",
        "created_at": "2026-03-02T09:00:00+00:00",
        "checkpoint_time": at,
        "tag": subtag.partition("_")[0],
        "subtag": subtag,
        "subtag_message": "Departure Scan",
        "message": "Departed from the facility",
        "city": "Köln",
        "state": None,
        "zip": None,
        "location": None,
        "country_iso3": "DEU",
        "country_name": "Germany",
        "raw_tag": "I-DP",
        "coordinates": [],
        **fields,
    }


def aftership_update(*checkpoints: Any, **msg: Any) -> dict[str, Any]:
    return {
        "ts": 1772438400,
        "event": "tracking_update",
        "event_id": "0d8f2ee0-7d3a-4c5c-a8ee-4d9a7c3f9c01",
        "is_tracking_first_tag": True,
        "msg": {
            "id": "53aa7b5c415a670000000021",
            "tracking_number": NUMBER,
            "slug": "ups",
            "active": True,
            "tag": "InTransit",
            "expected_delivery": None,
            "checkpoints": list(checkpoints),
            **msg,
        },
    }


def easypost_detail(status: str, detail: str, at: str, **fields: Any) -> dict[str, Any]:
    return {
        "object": "TrackingDetail",
        "message": "Departed from the facility",
        "description": "",
        "status": status,
        "status_detail": detail,
        "datetime": at,
        "source": "UPS",
        "carrier_code": "DP",
        "tracking_location": {
            "object": "TrackingLocation",
            "city": "Köln",
            "state": None,
            "country": "DE",
            "zip": "50667",
        },
        **fields,
    }


def easypost_event(*details: Any, **tracker: Any) -> dict[str, Any]:
    return {
        "id": "evt_d0a62b0422ee4b2c8a4d6f0d1b2f9f3c",
        "object": "Event",
        "description": "tracker.updated",
        "mode": "production",
        "previous_attributes": {"status": "unknown"},
        "result": {
            "id": "trk_8b9d0f1c",
            "object": "Tracker",
            "tracking_code": NUMBER,
            "status": "in_transit",
            "status_detail": "departed_facility",
            "carrier": "UPS",
            "est_delivery_date": None,
            "updated_at": "2026-03-02T09:00:00Z",
            "tracking_details": list(details),
            **tracker,
        },
    }
