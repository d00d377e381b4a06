"""Webhooks of aggregators: who may deliver, what becomes of it, and what a replay does."""

import hmac
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256

import pytest
from django.test import Client
from django.utils import timezone

from events.models import Event
from shipments.catalogue.meanings import NAMES
from shipments.feeds.aggregators import aftership, easypost
from shipments.feeds.aggregators.connections import disconnect_aggregator, replace_secret
from shipments.feeds.models import Aggregator, AggregatorConnection
from shipments.models import Scan, Shipment
from tests.api import ShopClient, assert_refused
from tests.factories import fulfil, make_shop, place
from tests.shipments.feeds.deliveries import (
    NUMBER,
    SECRET,
    Sender,
    aftership_checkpoint,
    aftership_update,
    easypost_detail,
    easypost_event,
    sign_as_aftership,
)

pytestmark = pytest.mark.django_db

PLACED = "2026-03-01T08:00:00Z"
DEPARTED = aftership_checkpoint("InTransit_007", "2026-03-02T08:14:00+01:00")
DELIVERED = aftership_checkpoint("Delivered_003", "2026-03-03T11:05:00+01:00")
DEPARTED_EP = easypost_detail("in_transit", "departed_facility", "2026-03-02T07:14:00Z")
DELIVERED_EP = easypost_detail("delivered", "arrived_at_destination", "2026-03-03T10:05:00Z")


@pytest.fixture
def shop():
    return make_shop(timezone="Europe/Berlin")


@pytest.fixture
def shipment(shop) -> Shipment:
    return fulfil(shop, place(shop), NUMBER, tracking_placed_at=PLACED).shipments.get()


@pytest.fixture(params=Aggregator)
def sender(request, shop) -> Sender:
    return Sender(shop, request.param)


@pytest.fixture
def update(sender):
    """Two checkpoints, as the sender writes them."""
    if sender.aggregator == Aggregator.AFTERSHIP:
        return aftership_update(DEPARTED, DELIVERED)
    return easypost_event(DEPARTED_EP, DELIVERED_EP)


def test_each_checkpoint_is_a_scan(sender, shipment, update):
    response = sender.deliver(update)

    assert response.status_code == 200
    assert response.json() == {"created": 2, "unchanged": 0, "refused": []}
    shipment.refresh_from_db()
    assert shipment.phase == "delivered"
    assert shipment.delivered_at == datetime(2026, 3, 3, 10, 5, tzinfo=UTC)
    delivered, departed = Scan.objects.of(shipment.shop)
    assert departed.event_name == "DEPARTURE_FROM_TRANSPORT_HUB"
    assert departed.event_time == datetime(2026, 3, 2, 7, 14, tzinfo=UTC)
    assert departed.location.startswith("Köln, ")
    assert {delivered.feed, departed.feed} == {sender.aggregator}
    sender.connection.refresh_from_db()
    assert sender.connection.last_delivery_at is not None


def test_the_same_delivery_again_changes_nothing(sender, shipment, update):
    sender.deliver(update)
    known, events = set(Scan.objects.values_list("id")), Event.objects.count()

    again = sender.deliver(update)

    assert again.json() == {"created": 0, "unchanged": 2, "refused": []}
    assert set(Scan.objects.values_list("id")) == known
    assert Event.objects.count() == events


def test_an_old_delivery_that_is_replayed_moves_nothing_back(sender, shipment, update):
    older = {**update}
    if sender.aggregator == Aggregator.AFTERSHIP:
        older = aftership_update(DEPARTED)
    else:
        older = easypost_event(DEPARTED_EP)
    sender.deliver(older)
    sender.deliver(update)

    replayed = sender.deliver(older)

    assert replayed.json()["created"] == 0
    shipment.refresh_from_db()
    assert shipment.phase == "delivered"


def test_a_bad_checkpoint_costs_only_itself(sender, shipment):
    if sender.aggregator == Aggregator.AFTERSHIP:
        bad = [{**DEPARTED, "checkpoint_time": "yesterday"}, "no object", {"tag": "x\x00"}, None]
        said = aftership_update(*bad, DEPARTED)
        loc = ["body", "msg", "checkpoints", 0, "checkpoint_time"]
    else:
        bad = [{**DEPARTED_EP, "datetime": "yesterday"}, "no object", {"status": "x\x00"}, None]
        said = easypost_event(*bad, DEPARTED_EP)
        loc = ["body", "result", "tracking_details", 0, "datetime"]

    response = sender.deliver(said)

    body = response.json()
    assert (response.status_code, body["created"]) == (200, 1)
    assert [item["index"] for item in body["refused"]] == [0, 1, 2, 3]
    assert body["refused"][0]["errors"][0]["loc"] == loc
    shipment.refresh_from_db()
    assert shipment.phase == "in_transit"


def test_a_checkpoint_from_far_ahead_is_refused(sender, shipment):
    ahead = (timezone.now() + timedelta(days=3)).isoformat()
    if sender.aggregator == Aggregator.AFTERSHIP:
        said = aftership_update({**DELIVERED, "checkpoint_time": ahead})
    else:
        said = easypost_event({**DELIVERED_EP, "datetime": ahead})

    assert sender.deliver(said).json()["refused"]
    assert not Scan.objects.exists()


def test_a_number_that_the_shop_does_not_know_is_no_reason_to_try_again(sender, update):
    response = sender.deliver(update)

    body = response.json()
    assert response.status_code == 200
    assert {item["errors"][0]["type"] for item in body["refused"]} == {"shipment_not_found"}


def test_another_shops_parcel_of_the_same_number_is_not_touched(sender, update):
    other = make_shop()
    foreign = fulfil(other, place(other), NUMBER, tracking_placed_at=PLACED).shipments.get()

    sender.deliver(update)

    foreign.refresh_from_db()
    assert foreign.phase == "order_processed"


# Signatures


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Nothing": "1"},
        {"aftership-hmac-sha256": "", "X-Hmac-Signature": ""},
        {"aftership-hmac-sha256": "AAAA", "X-Hmac-Signature": "hmac-sha256-hex=00"},
        {"aftership-hmac-sha256": "ünïcode", "X-Hmac-Signature": "ünïcode"},
    ],
)
def test_a_wrong_signature_is_refused(sender, shipment, update, headers):
    response = sender.deliver(update, **headers)

    assert_refused(response, 401, "authentication_failed")
    assert not Scan.objects.exists()


def test_a_signature_is_of_this_very_body(sender, shipment, update):
    body = b'{"other": 1}'
    signed = sign_as_aftership(SECRET, body)

    assert_refused(sender.deliver(update, **signed), 401, "authentication_failed")


def test_another_connections_secret_does_not_do(shop, shipment):
    mine = Sender(shop, Aggregator.AFTERSHIP)
    other = Sender(make_shop(), Aggregator.AFTERSHIP, secret="of another shop")
    other.url = mine.url

    response = other.deliver(aftership_update(DELIVERED))

    assert_refused(response, 401, "authentication_failed")


def test_an_unknown_address_is_answered_like_a_wrong_signature(sender, update):
    sender.url = sender.url.replace(sender.address.token, "A" * 43)
    unknown = sender.deliver(update)
    disconnect_aggregator(sender.connection)
    sender.url = f"/v1/feeds/{sender.address.token}/{sender.aggregator}"
    gone = sender.deliver(update)

    assert_refused(unknown, 401, "authentication_failed")
    assert_refused(gone, 401, "authentication_failed")
    assert "WWW-Authenticate" in gone


def test_an_aggregators_address_is_not_the_others(shop):
    sender = Sender(shop, Aggregator.AFTERSHIP)
    sender.url = sender.url.replace("/aftership", "/easypost")

    assert_refused(sender.deliver(aftership_update(DEPARTED)), 401, "authentication_failed")


def test_a_replaced_secret_signs_from_then_on(sender, shipment, update):
    replace_secret(sender.connection, "the next one")

    assert sender.deliver(update).status_code == 401
    sender.secret = "the next one"
    assert sender.deliver(update).status_code == 200


def test_the_secret_is_stored_encrypted(sender):
    row = AggregatorConnection.objects.values().get(id=sender.connection.id)

    assert SECRET not in str(row)
    assert AggregatorConnection.objects.get(id=sender.connection.id).secret == SECRET


def test_a_secret_that_cannot_be_decrypted_is_no_fault_of_ours(sender, update, settings):
    settings.ENCRYPTION_KEYS = ["another key altogether"]

    assert_refused(sender.deliver(update), 401, "authentication_failed")


def test_aftership_signs_under_its_newer_header_too(shop, shipment):
    sender = Sender(shop, Aggregator.AFTERSHIP)
    body = b'{"msg": {"tracking_number": "1", "checkpoints": []}}'
    digest = b64encode(hmac.new(SECRET.encode(), body, sha256).digest()).decode()

    response = sender.deliver(body, **{"as-signature-hmac-sha256": digest})

    assert response.status_code == 200


def _second_form(sender: Sender, body: bytes, *, at: datetime, path: str) -> dict[str, str]:
    said = format_datetime(at)
    key = SECRET.replace("ü", "u\u0308").encode()
    digest = hmac.new(key, f"{said}POST{path}".encode() + body, sha256).hexdigest()
    return {
        "X-Timestamp": said,
        "X-Path": path,
        "X-Hmac-Signature-V2": f"hmac-sha256-hex={digest}",
    }


def test_easyposts_second_form_holds_for_this_path_and_five_minutes(shop):
    sender = Sender(shop, Aggregator.EASYPOST)
    body, now = b'{"id": "evt_1", "result": {"object": "Batch"}}', timezone.now()

    fresh = sender.deliver(body, **_second_form(sender, body, at=now, path=sender.url))
    old = now - timedelta(minutes=6)
    stale = sender.deliver(body, **_second_form(sender, body, at=old, path=sender.url))
    elsewhere = sender.deliver(body, **_second_form(sender, body, at=now, path="/other"))
    undated = {**_second_form(sender, body, at=now, path=sender.url), "X-Timestamp": "soon"}

    assert fresh.status_code == 200
    assert_refused(stale, 401, "authentication_failed")
    assert_refused(elsewhere, 401, "authentication_failed")
    assert_refused(sender.deliver(body, **undated), 401, "authentication_failed")


# What is no delivery at all


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[]", b"{}", b'"text"', b'{"msg": 1}'])
def test_what_is_no_delivery_is_refused(sender, body):
    response = sender.deliver(body)

    status, key = (400, "json_invalid") if body in (b"", b"{") else (422, "payload_invalid")
    assert_refused(response, status, key)


def test_too_much_is_refused_before_it_is_read(sender):
    response = sender.deliver(b" " * (10 * 1024 * 1024 + 1))

    assert_refused(response, 413, "request_too_large")


def test_more_than_a_thousand_checkpoints_are_refused(sender):
    said = (
        aftership_update(*[DEPARTED] * 1_001)
        if sender.aggregator == Aggregator.AFTERSHIP
        else easypost_event(*[DEPARTED_EP] * 1_001)
    )
    assert_refused(sender.deliver(said), 422, "payload_invalid")


def test_only_json_is_taken(sender):
    response = sender.client.post(sender.url, "a=1", content_type="text/plain")

    assert_refused(response, 415, "media_type_unsupported")


def test_only_post_is_taken(sender):
    assert_refused(Client().get(sender.url), 401, "authentication_failed")


# What statuses mean


def test_every_mapped_name_is_in_the_catalogue():
    mapped = {*aftership._NAMES["tags"].values(), *aftership._NAMES["subtags"].values()}
    mapped |= {name for names in easypost._NAMES.values() for name in names.values()}

    assert mapped <= set(NAMES)


def test_an_unknown_sub_status_is_what_its_status_says_and_is_kept(shop, shipment):
    sender = Sender(shop, Aggregator.AFTERSHIP)
    strange = aftership_checkpoint("InTransit_099", "2026-03-02T08:14:00+01:00", message="Odd")

    sender.deliver(aftership_update(strange))

    scan = Scan.objects.get()
    assert scan.event_name == "IN_TRANSIT"
    assert scan.additional_info == "Odd (InTransit_099)"


def test_an_unknown_status_is_kept_under_a_name_of_its_own(sender, shipment):
    if sender.aggregator == Aggregator.AFTERSHIP:
        said = aftership_update(aftership_checkpoint("Teleported_001", "2026-03-02T08:14:00Z"))
        name = "AFTERSHIP_TELEPORTED_001"
    else:
        said = easypost_event(easypost_detail("teleported", "?", "2026-03-02T08:14:00Z"))
        name = "EASYPOST_TELEPORTED"

    sender.deliver(said)

    scan = Scan.objects.get()
    shipment.refresh_from_db()
    assert scan.event_name == name
    assert scan.additional_info.startswith("Departed from the facility (")
    assert shipment.phase == "order_processed"


def test_times_without_a_zone_are_the_shops(shop, shipment):
    sender = Sender(shop, Aggregator.AFTERSHIP)

    sender.deliver(aftership_update({**DEPARTED, "checkpoint_time": "2026-03-02T08:14:00"}))

    assert Scan.objects.get().event_time == datetime(2026, 3, 2, 7, 14, tzinfo=UTC)


def test_an_api_scan_and_an_aggregators_of_the_same_are_one_happening(sender, shipment, update):
    sender.deliver(update)
    known = Scan.objects.get(event_name="DEPARTURE_FROM_TRANSPORT_HUB")
    said = {
        "event_name": known.event_name,
        "event_time": known.event_time.isoformat(),
        "external_id": "depot-7/1",
        "location": known.location,
    }

    response = ShopClient(shipment.shop).post(said, f"/shipments/{shipment.id}/events")

    assert response.json()["effect"] == "duplicate"


# Expected delivery


def test_an_expected_day_is_that_day_in_the_shops_zone(sender, shipment):
    if sender.aggregator == Aggregator.AFTERSHIP:
        said = aftership_update(DEPARTED, expected_delivery="2026-03-04")
    else:
        said = easypost_event(DEPARTED_EP, est_delivery_date="2026-03-04T00:00:00Z")

    sender.deliver(said)

    shipment.refresh_from_db()
    assert shipment.arrival_start == datetime(2026, 3, 3, 23, tzinfo=UTC)
    assert shipment.arrival_end == datetime(2026, 3, 4, 22, 59, 59, tzinfo=UTC)
    assert shipment.arrival_source == "carrier"


def test_a_span_of_times_is_taken_as_it_is(shop, shipment):
    sender = Sender(shop, Aggregator.AFTERSHIP)
    span = {
        "type": "range",
        "datetime_min": "2026-03-04T10:00:00+01:00",
        "datetime_max": "2026-03-04T14:00:00+01:00",
    }

    sender.deliver(aftership_update(DEPARTED, latest_estimated_delivery=span))

    shipment.refresh_from_db()
    assert shipment.arrival_start == datetime(2026, 3, 4, 9, tzinfo=UTC)
    assert shipment.arrival_end == datetime(2026, 3, 4, 13, tzinfo=UTC)


def test_another_expected_day_alone_is_told_though_no_checkpoint_is_new(sender, shipment):
    if sender.aggregator == Aggregator.AFTERSHIP:
        first = aftership_update(DEPARTED, expected_delivery="2026-03-04")
        second = aftership_update(DEPARTED, expected_delivery="2026-03-05")
        second |= {"event": "edd_revise", "event_id": "another", "ts": 1772445600}
    else:
        first = easypost_event(DEPARTED_EP, est_delivery_date="2026-03-04T00:00:00Z")
        second = easypost_event(
            DEPARTED_EP,
            est_delivery_date="2026-03-05T00:00:00Z",
            updated_at="2026-03-02T11:00:00Z",
        )
    sender.deliver(first)

    sender.deliver(second)

    shipment.refresh_from_db()
    assert shipment.arrival_end == datetime(2026, 3, 5, 22, 59, 59, tzinfo=UTC)
    assert shipment.promised_end == datetime(2026, 3, 4, 22, 59, 59, tzinfo=UTC)
    assert shipment.phase == "in_transit"


@pytest.mark.parametrize("nonsense", ["soon", "2026-13-45", "0000-00-00T00:00:00Z"])
def test_an_expected_day_that_makes_no_sense_is_named_and_costs_no_scan(sender, shipment, nonsense):
    if sender.aggregator == Aggregator.AFTERSHIP:
        said = aftership_update(DEPARTED, expected_delivery=nonsense)
    else:
        said = easypost_event(DEPARTED_EP, est_delivery_date=nonsense)

    response = sender.deliver(said)

    body = response.json()
    assert (response.status_code, body["created"]) == (200, 1)
    assert body["refused"][0]["errors"][0]["field"] in ("expected_delivery", "est_delivery_date")


def test_a_moment_that_makes_no_sense_costs_no_scan(sender, shipment):
    """When another day of delivery became known: centuries ahead."""
    if sender.aggregator == Aggregator.AFTERSHIP:
        said = aftership_update(DEPARTED, expected_delivery="2026-03-05")
        said |= {"event": "edd_revise", "event_id": "another", "ts": 9999999999}
    else:
        day, at = "2026-03-05T00:00:00Z", "2199-03-02T11:00:00Z"
        said = easypost_event(DEPARTED_EP, est_delivery_date=day, updated_at=at)

    response = sender.deliver(said)

    body = response.json()
    assert (response.status_code, body["created"]) == (200, 1)
    assert [error["field"] for error in body["refused"][0]["errors"]] == ["event_time"]


def test_a_moment_that_is_none_costs_no_scan(shop, shipment):
    sender = Sender(shop, Aggregator.EASYPOST)
    day = "2026-03-05T00:00:00Z"

    response = sender.deliver(easypost_event(DEPARTED_EP, est_delivery_date=day, updated_at="soon"))

    body = response.json()
    assert (response.status_code, body["created"]) == (200, 1)
    assert body["refused"][0]["errors"][0]["field"] == "updated_at"
