"""Schemathesis plays our own OpenAPI document against the API: all checks, no failure, no 500."""

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings, strategies

from karla_portal.wsgi import application
from shipments.feeds.models import Aggregator
from shops.models import Role
from tests.api import basic
from tests.factories import (
    fulfil,
    make_campaign,
    make_claim,
    make_discount,
    make_key,
    make_shop,
    place,
)
from tests.shipments.feeds.deliveries import Sender, sign_as_aftership, sign_as_easypost
from webhooks.samples import send_test
from webhooks.services import create_webhook

credentials: dict[str, str] = {}
senders: dict[str, Sender] = {}
"""By the path in the API's description."""


def signing(environ: dict[str, Any], start_response: Any) -> Any:
    """What goes to a feed is signed on its way, as its aggregator would."""
    for path, sender in senders.items():
        if environ["PATH_INFO"] == sender.url:
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = BytesIO(body)
            sign = sign_as_aftership if path.endswith("aftership") else sign_as_easypost
            for name, value in sign(sender.secret, body).items():
                environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
    return application(environ, start_response)


schema = schemathesis.openapi.from_wsgi("/v1/schema?format=json", signing)

# What may be refused though no schema says so: a reference at odds with its order, an order in a
# bulk that does not exist, NUL bytes and the like somewhere in free-form JSON, an address that
# webhooks may not call, and a discount that a campaign cannot give because there is none.
UNSAYABLE = {
    "reference_mismatch",
    "order_not_found",
    "order_cancelled",
    "value_error",
    "url_refused",
    "discount_not_found",
    "period_invalid",
    "group_by_invalid",
    "part_invalid",
    "filter_invalid",
}
positive_data_acceptance = schemathesis.checks.CHECKS.get_one("positive_data_acceptance")
negative_data_rejection = schemathesis.checks.CHECKS.get_one("negative_data_rejection")

# What no document can say: years are those from 1900 to 2200.
moments = strategies.datetimes(datetime(1900, 1, 2), datetime(2200, 12, 30))  # noqa: DTZ001
schemathesis.openapi.format("date-time", moments.map(lambda moment: f"{moment.isoformat()}Z"))


@schema.auth()
class ApiKey:
    def get(self, case: Any, context: Any) -> str:
        return "the key of the test's shop"

    def set(self, case: Any, data: str, context: Any) -> None:
        case.headers["Authorization"] = credentials.get("authorization", data)


@pytest.fixture
def ids(transactional_db) -> dict[str, str]:
    """A shop with its key, and the ids of an order and a shipment that exist."""
    shop = make_shop(slug="demo")
    _, secret = make_key(shop, Role.ADMIN)
    credentials["authorization"] = basic("demo", secret)
    order = fulfil(shop, place(shop), "1Z12345E0205271688")
    for aggregator in Aggregator:
        senders[f"/v1/feeds/{{token}}/{aggregator}"] = Sender(shop, aggregator)
    webhook, _ = create_webhook(shop, url="https://203.0.114.1/hook")
    return {
        "slug": "demo",
        "order_id": str(order.id),
        "shipment_id": str(order.shipments.get().id),
        "campaign_id": str(make_campaign(shop).id),
        "discount_id": str(make_discount(shop).id),
        "claim_id": str(make_claim(order).id),
        "webhook_id": str(webhook.id),
        "number": "claim_rate",
        "delivery_id": str(send_test(webhook, "orders/placed").id),
    }


@schema.parametrize()
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
def test_the_api_does_what_its_document_says(case, ids):
    for name in case.path_parameters:
        case.path_parameters[name] = ids[name] if name in ids else senders[case.path].address.token
    response = case.call()
    excluded = []
    if response.status_code == 422 and _types(response) <= UNSAYABLE:
        excluded.append(positive_data_acceptance)
    if _names_bad_items(response):
        excluded.append(negative_data_rejection)
    case.validate_response(response, excluded_checks=excluded)


def _names_bad_items(response: Any) -> bool:
    """Where a bad item costs only itself, it is refused inside an answer of 200."""
    is_json = response.headers.get("content-type", [""])[0].startswith("application/json")
    items = response.json() if response.status_code == 200 and is_json else None
    if isinstance(items, dict) and items.get("refused"):
        return True
    return isinstance(items, list) and any(
        isinstance(item, dict) and item.get("outcome") == "refused" and item["errors"]
        for item in items
    )


def _types(response: Any) -> set[str]:
    return {error["type"] for error in response.json()["errors"]}
