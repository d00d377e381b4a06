"""POST /v1/carriers/match"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shops.models import Role
from tests.api import ShopClient, assert_refused
from tests.factories import make_shop

pytestmark = pytest.mark.django_db

UPS = "1Z5R89390357567127"


@pytest.fixture
def client() -> ShopClient:
    return ShopClient(make_shop(), role=Role.VIEWER, root="/v1/carriers")


def test_numbers_are_answered_in_order(client):
    said = {
        "tracking_numbers": [UPS, "#1001", "RN573817394CH", UPS],
        "tracking_company": "UPS Standard",
        "country_code": "de",
    }

    response = client.post(said, "/match")

    assert response.status_code == 200
    matches = response.json()
    assert [m["tracking_number"] for m in matches] == said["tracking_numbers"]
    assert [m["carrier_reference"] for m in matches] == ["ups", None, "swisspost", "ups"]
    reason = "UPS 1Z number with a correct check digit; “UPS Standard” says the same"
    assert matches[0] == {
        "tracking_number": UPS,
        "carrier_reference": "ups",
        "confidence": 0.99,
        "reason": reason,
        "candidates": [{"carrier_reference": "ups", "confidence": 0.99, "reason": reason}],
    }


def test_an_unknown_carrier_has_no_confidence_but_candidates(client):
    [found] = client.post({"tracking_numbers": ["09133131530724"]}, "/match").json()

    assert (found["carrier_reference"], found["confidence"]) == (None, 0)
    assert [c["carrier_reference"] for c in found["candidates"]] == ["hrs", "dpd"]


def test_what_was_not_said_may_be_null_and_numbers_may_be_numbers(client):
    said = {"tracking_numbers": [201298452277], "tracking_company": None, "country_code": ""}

    [found] = client.post(said, "/match").json()

    assert found["tracking_number"] == "201298452277"


def test_a_thousand_numbers_cost_no_more_queries_than_one(client):
    client.post({"tracking_numbers": [UPS]}, "/match")  # notes the key's use
    counts = []
    for count in (1, 1000):
        with CaptureQueriesContext(connection) as queries:
            response = client.post({"tracking_numbers": [UPS] * count}, "/match")
        assert len(response.json()) == count
        counts.append(len(queries))

    assert counts[0] == counts[1] == 1


@pytest.mark.parametrize(
    ("said", "loc"),
    [
        ({}, ["body", "tracking_numbers"]),
        ({"tracking_numbers": []}, ["body", "tracking_numbers"]),
        ({"tracking_numbers": [UPS] * 1001}, ["body", "tracking_numbers"]),
        ({"tracking_numbers": UPS}, ["body", "tracking_numbers"]),
        ({"tracking_numbers": [UPS, ""]}, ["body", "tracking_numbers", 1]),
        ({"tracking_numbers": [UPS, None]}, ["body", "tracking_numbers", 1]),
        ({"tracking_numbers": ["1\x00"]}, ["body", "tracking_numbers", 0]),
        ({"tracking_numbers": ["1" * 256]}, ["body", "tracking_numbers", 0]),
        ({"tracking_numbers": [UPS], "country_code": "DEU"}, ["body", "country_code"]),
        ({"tracking_numbers": [UPS], "country_code": "1!"}, ["body", "country_code"]),
        ({"tracking_numbers": [UPS], "tracking_company": ["UPS"]}, ["body", "tracking_company"]),
        ([], ["body"]),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_path(client, said, loc):
    body = assert_refused(client.post(said, "/match"), 422, "payload_invalid")

    assert body["errors"][0]["loc"] == loc


def test_no_json_and_no_other_method(client):
    assert_refused(client.post(b"{", "/match"), 400, "json_invalid")
    assert_refused(client.get("/match"), 405, "method_not_allowed")


def test_the_rate_limit_counts_it(client, settings):
    settings.API_RATE_LIMIT = 1

    statuses = [client.post({"tracking_numbers": [UPS]}, "/match").status_code for _ in range(3)]

    assert 429 in statuses
