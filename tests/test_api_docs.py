"""The API's description, as a document and as a page."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_document_names_every_call_with_its_errors_and_auth():
    document = Client(SERVER_NAME="localhost").get("/v1/schema?format=json").json()

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
        "report_shipment_event",
        "report_shipment_events",
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
    }
    for path, methods in document["paths"].items():
        of_shops = {"403", "404"} if path.startswith("/v1/shops/") else set()
        for operation in methods.values():
            assert operation["security"] == [{"ApiKey": []}]
            assert {"401", "429"} | of_shops <= set(operation["responses"])
            assert {"200", "204"} & set(operation["responses"])
    assert document["components"]["securitySchemes"]["ApiKey"]["scheme"] == "basic"


def test_the_page_may_style_itself_but_run_only_our_scripts():
    policy = Client(SERVER_NAME="localhost").get("/v1/docs")["Content-Security-Policy"]

    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src 'self';" in policy
