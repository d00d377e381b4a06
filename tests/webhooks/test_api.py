"""The API of webhooks, as a shop's program calls it."""

import shutil
import subprocess
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from common.encryption import decrypt
from events.models import Event
from shops.models import Role, Shop
from tests.api import ShopClient, assert_refused
from tests.factories import fulfil, make_shop, place
from webhooks.dispatch import dispatch
from webhooks.models import Delivery, DeliveryState, Webhook
from webhooks.replay import run_replays
from webhooks.services import MOST_PER_SHOP, create_webhook
from webhooks.signing import signature_headers
from webhooks.subscriptions import GROUPS, is_wanted, wanted_condition

pytestmark = pytest.mark.django_db

URL = "https://203.0.114.1/hook"
RECEIVERS = Path(__file__).resolve().parents[2] / "docs" / "receivers"


@pytest.fixture
def shop() -> Shop:
    return make_shop()


@pytest.fixture
def client(shop) -> ShopClient:
    return ShopClient(shop, role=Role.ADMIN)


def test_a_secret_is_answered_when_it_is_made_or_rotated_and_never_again(shop, client):
    made = client.post({"url": URL}, "/webhooks").json()
    path = f"/webhooks/{made['uuid']}"
    read = client.get(path).json()
    rotated = client.post({"overlap_hours": 1}, f"{path}/rotate").json()
    given = client.patch({"secret": "a secret of the shop"}, path).json()
    changed = client.patch({"description": "ours"}, path).json()

    assert made["secret"].startswith("whsec_")
    assert made["enabled_events"] == ["*"]
    assert "secret" not in read
    assert rotated["secret"] not in (None, made["secret"])
    assert given["secret"] == "a secret of the shop"
    assert changed["secret"] is None
    stored = Webhook.objects.get()
    assert decrypt(stored.secret) == "a secret of the shop"
    assert decrypt(stored.previous_secret) == rotated["secret"]
    assert "secret of the shop" not in stored.secret


@pytest.mark.parametrize(
    ("body", "loc"),
    [
        ({}, ["body", "url"]),
        ({"url": "https://169.254.169.254/"}, ["body", "url"]),
        ({"url": "http://203.0.114.1/"}, ["body", "url"]),
        ({"url": URL, "enabled_events": []}, ["body", "enabled_events"]),
        ({"url": URL, "enabled_events": ["*", "claim"]}, ["body", "enabled_events", 1]),
        ({"url": URL, "secret": "x" * 15}, ["body", "secret"]),
        ({"url": URL, "secret": "x" * 65}, ["body", "secret"]),
        ({"url": URL, "status": "broken"}, ["body", "status"]),
    ],
)
def test_what_is_wrong_is_named_by_its_path(client, body, loc):
    refused = assert_refused(client.post(body, "/webhooks"), 422, "payload_invalid")

    assert refused["errors"][0]["loc"] == loc
    assert not Webhook.objects.exists()


def test_a_shop_has_so_many_webhooks_and_no_more(shop, client):
    for _ in range(MOST_PER_SHOP):
        create_webhook(shop, url=URL)

    assert_refused(client.post({"url": URL}, "/webhooks"), 409, "webhook_limit_reached")


def test_what_does_not_exist_is_not_found(shop, client):
    foreign, _ = create_webhook(make_shop(), url=URL)
    own, _ = create_webhook(shop, url=URL)
    missing = foreign.id

    assert_refused(client.get(f"/webhooks/{missing}"), 404, "webhook_not_found")
    assert_refused(client.get("/webhooks/x"), 404, "webhook_not_found")
    path = f"/webhooks/{own.id}/deliveries/{missing}"
    assert_refused(client.get(path), 404, "webhook_delivery_not_found")
    assert_refused(client.request("DELETE", f"/webhooks/{missing}"), 404, "webhook_not_found")
    assert Webhook.objects.count() == 2


def test_deliveries_are_listed_newest_first_and_filtered(shop, client):
    webhook, _ = create_webhook(shop, url=URL)
    order = fulfil(shop, place(shop), "T1")
    dispatch()
    path = f"/webhooks/{webhook.id}/deliveries"

    everything = client.get(path).json()
    first = client.get(f"{path}?per_page=2")
    arrivals = client.get(f"{path}?ref=shipments").json()

    assert len(everything) == 3
    assert [one["uuid"] for one in first.json()] == [one["uuid"] for one in everything[:2]]
    assert 'rel="next"' in first["Link"]
    assert [one["event_group"] for one in arrivals] == ["shipment_pre_transit"]
    assert len(client.get(f"{path}?order_id={order.id}").json()) == 3
    assert client.get(f"{path}?state=failed").json() == []
    assert client.get(f"{path}?event_group=order_placed").json()[0]["ref"] == "orders/placed"
    assert_refused(client.get(f"{path}?sate=failed"), 422, "parameter_unknown")


def test_a_test_event_is_any_of_the_catalogue_by_path_or_by_name(shop, client):
    fulfil(shop, place(shop), "T1")
    webhook, _ = create_webhook(shop, url=URL, enabled_events=["claims"])
    path = f"/webhooks/{webhook.id}/test"

    by_name = client.post({"event": "OUT_FOR_DELIVERY"}, path).json()
    claim = client.post({"event": "claims/created"}, path).json()

    assert by_name["ref"] == "shipments/in_delivery/OUT_FOR_DELIVERY"
    assert by_name["body"]["event_data"]["tracking_number"] == "T1"
    assert set(claim["body"]["event_data"]) == {
        "claim_id",
        "event_name",
        "event_group",
        "created_at",
        "updated_at",
        "resolution_preference",
        "reason",
        "status",
        "description",
        "customer_signature_image_url",
        "selected_items",
        "image_urls",
        "optional_image_urls",
    }
    assert claim["is_test"]
    assert_refused(client.post({"event": "NO_SUCH_EVENT"}, path), 422, "payload_invalid")


def test_a_replay_sends_what_its_preview_said(shop, client):
    webhook, _ = create_webhook(shop, url=URL)
    fulfil(shop, place(shop), "T1")
    dispatch()
    Delivery.objects.filter(message__ref="orders/placed").update(
        state=DeliveryState.SUCCEEDED, created_at=timezone.now() - timedelta(seconds=1)
    )
    Delivery.objects.exclude(message__ref="orders/placed").update(
        state=DeliveryState.FAILED, created_at=timezone.now() - timedelta(seconds=1)
    )
    path, window = f"/webhooks/{webhook.id}/replays", {"from": "2026-01-01T00:00:00Z"}

    preview = client.post(window, f"{path}/preview").json()
    everything = client.post({**window, "only_undelivered": False}, f"{path}/preview").json()
    client.post({**window, "events": ["shipments"]}, path)
    run_replays()

    assert (preview["count"], preview["new"], everything["count"]) == (2, 0, 3)
    [replay] = client.get(path).json()
    assert (replay["state"], replay["sent"]) == ("done", 1)
    states = dict(Delivery.objects.values_list("message__ref", "state"))
    assert states == {
        "orders/placed": "succeeded",
        "orders/fulfilled": "failed",
        "shipments/order_processed/ORDER_IN_PROCESSING": "pending",
    }
    backwards = {"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}
    assert_refused(client.post(backwards, path), 422, "payload_invalid")


@pytest.mark.parametrize(
    "wanted", ["*", "shipments", "shipments/order_processed", "orders", *GROUPS]
)
def test_a_filter_says_of_an_event_what_it_says_to_the_database(shop, wanted):
    fulfil(shop, place(shop), "T1")
    Event.objects.of(shop).filter(ref="orders/fulfilled").update(
        source="shipments",
        ref="shipments/in_transit/OUR_OWN_NAME",
        event_group="shipment_internal_trigger",
        event_data={"event_name": "OUR_OWN_NAME"},
    )

    found = set(Event.objects.of(shop).filter(wanted_condition([wanted])))

    assert found == {
        event
        for event in Event.objects.of(shop)
        if is_wanted([wanted], ref=event.ref, event_group=event.event_group)
    }


def test_the_receivers_to_copy_tell_genuine_from_forged(tmp_path):
    namespace: dict = {}
    exec((RECEIVERS / "receiver.py").read_text(), namespace)  # noqa: S102 - our own sample
    body, now = b'{"a": 1}', int(time.time())

    def header(age: int = 0, secrets: tuple[str, ...] = ("s" * 16,)) -> str:
        return signature_headers(body, message_id="m", secrets=secrets, timestamp=now - age)[
            "Karla-Signature"
        ]

    cases = [
        (header(), body, True),
        (header(secrets=("o" * 16, "s" * 16)), body, True),
        (header(age=301), body, False),
        (header(secrets=("o" * 16,)), body, False),
        (header(), body + b" ", False),
        ("t=x,v1=ab", body, False),
        ("", body, False),
    ]
    for said, sent, is_genuine in cases:
        assert namespace["is_genuine"](said, sent, "s" * 16) is is_genuine
        if shutil.which("node"):
            assert _in_node(said, sent) is is_genuine
        if shutil.which("php"):
            assert _in_php(said, sent) is is_genuine


def _in_node(header: str, body: bytes) -> bool:
    script = (
        f'import {{ isGenuine }} from "{RECEIVERS / "receiver.mjs"}";'
        "const [header, body] = process.argv.slice(1);"
        'console.log(isGenuine(header, Buffer.from(body), "s".repeat(16)));'
    )
    return _run("node", "--input-type=module", "--eval", script, "--", header, body.decode())


def _in_php(header: str, body: bytes) -> bool:
    script = (
        f'require "{RECEIVERS / "receiver.php"}";'
        'echo json_encode(is_genuine($argv[1], $argv[2], str_repeat("s", 16)));'
    )
    return _run("php", "-r", script, "--", header, body.decode())


def _run(*command: str) -> bool:
    said = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    return {"true": True, "false": False}[said.stdout.strip()]
