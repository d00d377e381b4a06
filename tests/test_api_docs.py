"""The API's description, as a document and as a page."""

from typing import Any

import pytest
from django.test import Client

from analytics.api import read_models as numbers
from analytics.api.samples import ANSWER, DEFINITION, ROW
from campaigns.api import read_models as campaign_models
from campaigns.api.samples import READ_CAMPAIGN, READ_DISCOUNT
from claims.api.read_models import Claim
from claims.api.samples import READ_CLAIM
from common.api.read_models import ErrorBody
from orders.api import read_models
from orders.api.samples import READ_BULK, READ_ORDER, WRITTEN_ORDER

pytestmark = pytest.mark.django_db


@pytest.fixture
def document() -> dict[str, Any]:
    response = Client(SERVER_NAME="localhost").get("/v1/schema?format=json")
    document: dict[str, Any] = response.json()
    return document


def test_the_document_names_every_call_with_its_errors_and_auth(document):
    assert document["openapi"].startswith("3.1")
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert {operation["operationId"] for operation in operations} == {
        "search_orders",
        "place_order",
        "upsert_order",
        "fulfill_orders",
        "get_order",
        "update_order",
        "update_order_shipment",
        "upsert_order_analytics",
        "cancel_order",
        "search_shipments",
        "get_shipment",
        "get_shipment_events",
        "report_shipment_event",
        "report_shipment_events",
        "deliver_from_aftership",
        "deliver_from_easypost",
        "search_claims",
        "create_claim",
        "get_claim",
        "update_claim",
        "delete_claim",
        "list_webhooks",
        "create_webhook",
        "get_webhook",
        "update_webhook",
        "delete_webhook",
        "rotate_webhook_secret",
        "send_test_event",
        "list_webhook_deliveries",
        "get_webhook_delivery",
        "resend_webhook_delivery",
        "preview_webhook_replay",
        "list_webhook_replays",
        "replay_webhook",
        "match_carriers",
        *("search_campaigns", "create_campaign", "get_campaign"),
        *("replace_campaign", "update_campaign", "delete_campaign"),
        *("search_discounts", "create_discount", "get_discount"),
        *("replace_discount", "update_discount", "delete_discount"),
        "list_numbers",
        "get_number",
        "list_number_rows",
    }
    for path, methods in document["paths"].items():
        of_shops = {"403", "404"} if path.startswith("/v1/shops/") else set()
        for operation in methods.values():
            is_signed = path.startswith("/v1/feeds/")
            assert operation.get("security") == (None if is_signed else [{"ApiKey": []}])
            assert {"401", "429"} | of_shops <= set(operation["responses"])
            assert {"200", "204"} & set(operation["responses"])
    assert document["components"]["securitySchemes"]["ApiKey"]["scheme"] == "basic"


def test_every_answer_names_its_headers_and_every_refusal_has_an_example(document):
    for methods in document["paths"].values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                assert "X-Request-ID" in response["headers"]
                if int(status) >= 400:
                    [example] = response["content"]["application/json"]["examples"].values()
                    ErrorBody.model_validate(example["value"])
            assert "Retry-After" in operation["responses"]["429"]["headers"]


def test_the_samples_of_answers_are_answers():
    campaign_models.Campaign.model_validate(READ_CAMPAIGN)
    campaign_models.CampaignDiscount.model_validate(READ_DISCOUNT)
    read_models.Order.model_validate(READ_ORDER)
    read_models.WrittenOrder.model_validate(WRITTEN_ORDER)
    Claim.model_validate(READ_CLAIM)
    for item in READ_BULK:
        read_models.BulkItem.model_validate(item)
    numbers.Answer.model_validate(ANSWER)
    numbers.Definition.model_validate(DEFINITION)
    numbers.CountedRow.model_validate(ROW)
