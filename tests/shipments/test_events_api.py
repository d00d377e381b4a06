"""The events of a shipment over HTTP: one, many, and how they are read."""

import pytest

from shipments.models import Scan
from shops.models import Role
from tests.api import ShopClient, assert_refused
from tests.factories import fulfil, make_shop, place

pytestmark = pytest.mark.django_db

OUT = {
    "event_name": "OUT_FOR_DELIVERY",
    "event_time": "2026-03-02T08:14:00+01:00",
    "external_id": "depot-7/4711",
    "location": "Berlin",
    "timezone": "Europe/Berlin",
}


@pytest.fixture
def client() -> ShopClient:
    return ShopClient(make_shop())


@pytest.fixture
def shipment(client):
    return fulfil(client.shop, place(client.shop), "1Z12345E0205271688").shipments.get()


def test_an_event_is_answered_as_it_is_read(client, shipment):
    response = client.post(OUT, f"/shipments/{shipment.id}/events")

    assert response.status_code == 201
    event = response.json()
    strings = event.pop("event_strings")
    assert set(strings) == {
        "event_status",
        "list_label",
        "header_headline",
        "header_title",
        "header_subtitle",
    }
    assert all(strings.values())
    assert event == {
        "uuid": event["uuid"],
        "external_id": "depot-7/4711",
        "event_key": "OUT_FOR_DELIVERY",
        "time": "2026-03-02T07:14:00+00:00",
        "timezone": "Europe/Berlin",
        "location": "Berlin",
        "additional_info": None,
        "phase": "in_delivery",
        "language": "en",
        "effect": "applied",
    }
    [order] = client.get().json()
    [tracking] = order["trackings"]
    assert tracking["events"] == [{**event, "event_strings": strings}]
    assert (tracking["phase"], tracking["state"]) == ("in_delivery", "transit")


def test_the_same_event_again_is_answered_as_it_was(client, shipment):
    first = client.post(OUT, f"/shipments/{shipment.id}/events")
    again = client.post({**OUT, "location": "Elsewhere"}, f"/shipments/{shipment.id}/events")

    assert (again.status_code, again["Karla-Outcome"]) == (200, "unchanged")
    assert again.json() == first.json()
    assert Scan.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"event_name": ""}, "event_name"),
        ({"event_name": "with/slash"}, "event_name"),
        ({"event_time": "yesterday"}, "event_time"),
        ({"event_time": "2199-01-01T00:00:00Z"}, "event_time"),
        ({"external_id": None}, "external_id"),
        ({"external_id": "nul\x00"}, "external_id"),
        ({"estimated_arrival": {"start": "2026-03-03T10:00:00Z"}}, "end"),
        ({"pickup": {"type": "cupboard"}}, "type"),
    ],
)
def test_what_is_wrong_is_named(client, shipment, wrong, field):
    response = client.post({**OUT, **wrong}, f"/shipments/{shipment.id}/events")

    body = assert_refused(response, 422, "payload_invalid")
    assert body["errors"][0]["field"] == field
    assert not Scan.objects.exists()


def test_a_window_that_ends_before_it_starts_is_refused(client, shipment):
    window = {"start": "2026-03-03T10:00:00Z", "end": "2026-03-03T09:00:00Z"}
    response = client.post({**OUT, "estimated_arrival": window}, f"/shipments/{shipment.id}/events")

    assert_refused(response, 422, "payload_invalid")


@pytest.mark.parametrize("shipment_id", ["nonsense", "019e8a4c-0000-7000-8000-000000000000"])
def test_an_unknown_shipment_is_not_found(client, shipment_id):
    response = client.post(OUT, f"/shipments/{shipment_id}/events")

    assert_refused(response, 404, "shipment_not_found")


def test_another_shops_shipment_is_not_found(client):
    other = make_shop()
    foreign = fulfil(other, place(other), "X1").shipments.get()

    response = client.post(OUT, f"/shipments/{foreign.id}/events")

    assert_refused(response, 404, "shipment_not_found")
    assert not Scan.objects.exists()


def test_a_draft_has_no_scans(client):
    draft = place(client.shop).shipments.get()

    response = client.post(OUT, f"/shipments/{draft.id}/events")

    assert_refused(response, 409, "shipment_is_draft")


def test_viewers_report_nothing(shipment):
    viewer = ShopClient(shipment.shop, role=Role.VIEWER)

    response = viewer.post(OUT, f"/shipments/{shipment.id}/events")

    assert_refused(response, 403, "permission_denied")


def test_of_many_events_a_bad_one_costs_only_itself(client, shipment):
    good = {**OUT, "tracking_number": "1Z12345E0205271688"}
    bodies = [
        {**good, "event_time": "never"},
        good,
        {**good, "tracking_number": "NOBODYS"},
        OUT,
        "no object",
    ]

    response = client.post(bodies, "/shipments/events")

    assert response.status_code == 200
    items = response.json()
    assert [item["index"] for item in items] == [0, 1, 2, 3, 4]
    assert [item["outcome"] for item in items] == [
        "refused",
        "created",
        "refused",
        "refused",
        "refused",
    ]
    assert items[0]["errors"][0]["loc"] == ["body", 0, "event_time"]
    assert items[2]["errors"][0]["type"] == "shipment_not_found"
    [taken] = items[1]["events"]
    assert (taken["shipment_id"], taken["effect"]) == (str(shipment.id), "applied")


def test_more_than_a_thousand_events_are_too_large(client):
    response = client.post([OUT] * 1_001, "/shipments/events")

    assert_refused(response, 413, "request_too_large")


@pytest.mark.parametrize("body", [{}, None, "text", 3])
def test_what_is_no_array_is_refused(client, body):
    assert_refused(client.post([body], "/shipments/events/"), 404, "not_found")
    assert_refused(client.post(body or {}, "/shipments/events"), 422, "payload_invalid")


@pytest.mark.parametrize("name", ["Zustellung_Ü", "out for delivery", "a/b"])
def test_a_name_of_other_letters_is_told_which_there_may_be(client, shipment, name):
    response = client.post({**OUT, "event_name": name}, f"/shipments/{shipment.id}/events")

    body = assert_refused(response, 422, "payload_invalid")
    [error] = body["errors"]
    assert error["field"] == "event_name"
    assert "[A-Za-z0-9_.-]" in error["msg"]
    assert "NUL" not in error["msg"]


@pytest.mark.parametrize(
    ("field", "said", "message"),
    [
        ("location", "Ber\x00lin", "Text must not hold a NUL byte"),
        ("external_id", " ", "Text must not be empty or hold a NUL byte"),
    ],
)
def test_what_cannot_be_stored_is_said_in_words(client, shipment, field, said, message):
    response = client.post({**OUT, field: said}, f"/shipments/{shipment.id}/events")

    [error] = assert_refused(response, 422, "payload_invalid")["errors"]
    assert (error["field"], error["msg"]) == (field, message)
