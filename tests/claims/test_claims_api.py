"""/v1/shops/{slug}/claims, as the contract's section 6 has it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.api.read_models import Claim as ReadClaim
from claims.models import Claim, ClaimEntry, ClaimStatus, EntryKind
from common.ids import new_id
from events.models import Event
from shipments.models import Feed, Shipment
from shipments.scans.inputs import ScanInput
from shipments.scans.record import record_scan
from shops.models import Shop
from tests.api import ShopClient, assert_refused
from tests.factories import fulfil, make_claim, make_shop, place

pytestmark = pytest.mark.django_db

PRODUCT = {"sku": "A-1", "title": "Lamp", "quantity": 2, "price": 20, "weight": 600}


@pytest.fixture
def shop() -> Shop:
    return make_shop()


@pytest.fixture
def client(shop) -> ShopClient:
    return ShopClient(shop)


def ship(shop: Shop, number: str = "T1", **order: object) -> Shipment:
    placed = place(shop, **{"products": [PRODUCT], "weight": None, **order})
    fulfil(shop, placed, number, carrier_reference="ups")
    return Shipment.objects.of(shop).get(order=placed)


def test_a_claim_is_filed_and_read_with_all_that_the_contract_names(shop, client):
    shipment = ship(shop)
    scan = ScanInput(event_name="X", event_time=timezone.now(), external_id="1")
    record_scan(shipment, scan, feed=Feed.API)
    said = {
        "shipment_id": str(shipment.id),
        "reason": "damage",
        "resolution_preference": "refund",
        "description": "Broken",
        "customer_signature_image_url": "https://shop.example/s.png",
        "selected_items": [{"sku": "A-1", "quantity": 1, "net_price": 20}],
        "image_urls": ["https://shop.example/1.jpg"],
        "dropoff_permission": False,
    }

    response = client.post(said, "/claims")

    claim = response.json()
    assert (response.status_code, response["Karla-Outcome"]) == (200, "created")
    assert client.get(f"/claims/{claim['uuid']}").json() == claim
    assert client.get("/claims").json() == [claim]
    ReadClaim.model_validate(claim)
    order = shipment.order
    items = [{"sku": "A-1", "title": None, "quantity": 1, "net_price": 20.0, "image_urls": []}]
    assert claim == {
        **claim,
        **said,
        "selected_items": items,
        "status": "pending",
        "order_id": str(order.id),
        "order_number": order.order_number,
        "tracking_number": "T1",
        "carrier_reference": "ups",
        "net_invoice_amount": 40,
        "weight_kg": 1.2,
        "shop_slug": shop.slug,
        "deleted_at": None,
    }
    assert claim["scan_date"] is not None
    assert claim["address"] == client.order(order.order_number)["address"]


def test_a_tracking_number_names_the_shipment(shop, client):
    shipment = ship(shop, "T7")

    claim = client.post({"tracking_number": "T7", "reason": "support"}, "/claims").json()

    assert claim["shipment_id"] == str(shipment.id)


def test_a_number_of_several_shipments_is_refused(shop, client):
    ship(shop, "T7")
    ship(shop, "T7")

    response = client.post({"tracking_number": "T7", "reason": "support"}, "/claims")

    assert_refused(response, 409, "shipment_reference_ambiguous")
    assert not Claim.objects.exists()


def test_id_and_number_must_agree(shop, client):
    shipment, other = ship(shop, "T7"), ship(shop, "T8")
    said = {"shipment_id": str(shipment.id), "reason": "return"}

    agreeing = client.post({**said, "tracking_number": "T7"}, "/claims")
    response = client.post({**said, "tracking_number": other.tracking_number}, "/claims")

    assert agreeing.status_code == 200
    body = assert_refused(response, 422, "payload_invalid")
    assert body["errors"][0]["loc"] == ["body", "tracking_number"]


@pytest.mark.parametrize(
    ("said", "status", "key"),
    [
        ({"reason": "damage"}, 422, "payload_invalid"),
        ({"tracking_number": "T1"}, 422, "payload_invalid"),
        ({"tracking_number": "T1", "reason": "anger"}, 422, "payload_invalid"),
        ({"tracking_number": "T1", "reason": "damage", "status": "won"}, 422, "payload_invalid"),
        (
            {"tracking_number": "T1", "reason": "damage", "selected_items": [{"sku": "A"}]},
            422,
            "payload_invalid",
        ),
        (
            {"tracking_number": "T1", "reason": "damage", "selected_items": [{"quantity": 0}]},
            422,
            "payload_invalid",
        ),
        (
            {"tracking_number": "T1", "reason": "damage", "description": "a\x00b"},
            422,
            "payload_invalid",
        ),
        ({"tracking_number": "T1", "reason": "damage", "image_urls": ["x"] * 51}, 422, None),
        ({"tracking_number": "nobody's", "reason": "damage"}, 404, "shipment_not_found"),
        ({"shipment_id": str(new_id()), "reason": "damage"}, 404, "shipment_not_found"),
        (b"{", 400, "json_invalid"),
    ],
)
def test_what_makes_no_sense_is_refused(shop, client, said, status, key):
    ship(shop)

    response = client.post(said, "/claims")

    assert_refused(response, status, key or "payload_invalid")
    assert not Claim.objects.exists()


def test_another_shops_shipment_is_missing(client):
    foreign = ship(make_shop(), "T9")

    for said in ({"shipment_id": str(foreign.id)}, {"tracking_number": "T9"}):
        response = client.post({**said, "reason": "damage"}, "/claims")
        assert_refused(response, 404, "shipment_not_found")


def test_the_very_same_claim_is_made_once_while_it_is_pending(shop, client):
    ship(shop)
    said = {"tracking_number": "T1", "reason": "damage", "description": "Broken"}

    first = client.post(said, "/claims")
    again = client.post(said, "/claims")
    other = client.post({**said, "description": "Broken, too"}, "/claims")
    client.request("PUT", f"/claims/{first.json()['uuid']}", {"status": "rejected"})
    later = client.post(said, "/claims")

    assert again.json() == first.json()
    assert [r["Karla-Outcome"] for r in (first, again, other, later)] == [
        *("created", "unchanged", "created", "created")
    ]
    assert Claim.objects.count() == 3


def test_an_idempotency_key_is_honoured(shop, client):
    ship(shop)
    said = {"tracking_number": "T1", "reason": "damage"}

    first = client.post(said, "/claims", **{"Idempotency-Key": "k1"})
    again = client.post(said, "/claims", **{"Idempotency-Key": "k1"})
    reused = client.post({**said, "reason": "return"}, "/claims", **{"Idempotency-Key": "k1"})

    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    assert_refused(reused, 409, "idempotency_key_reused")


def test_a_preference_for_the_representation_is_confirmed(shop, client):
    ship(shop)
    said = {"tracking_number": "T1", "reason": "damage"}

    response = client.post(said, "/claims", Prefer="return=representation")

    assert response["Preference-Applied"] == "return=representation"


def test_a_claim_may_come_decided(shop, client):
    ship(shop)
    said = {"tracking_number": "T1", "reason": "damage", "status": "accepted"}

    client.post(said, "/claims")

    claim = Claim.objects.get()
    assert claim.status == ClaimStatus.ACCEPTED
    assert claim.decided_at is not None


def test_deciding_tells_and_writes_history(shop, client):
    claim = make_claim(ship(shop).order)

    response = client.request("PUT", f"/claims/{claim.id}", {"status": "accepted"})

    assert (response.json()["status"], response["Karla-Outcome"]) == ("accepted", "updated")
    refs = Event.objects.of(shop).filter(source="claims").values_list("ref", "event_group")
    assert [*refs.order_by("created_at")] == [
        ("claims/created", "claim_created"),
        ("claims/updated", "claim_updated"),
    ]
    entry = ClaimEntry.objects.get(kind=EntryKind.DECIDED)
    assert (entry.details["status"], entry.actor) == ("accepted", f"API key {shop.slug}")
    claim.refresh_from_db()
    assert claim.updated_at > claim.created_at


def test_an_update_that_changes_nothing_tells_nothing(shop, client):
    claim = make_claim(ship(shop).order, resolution_preference="refund")
    said = {"status": "pending", "resolution_preference": "refund"}

    response = client.request("PUT", f"/claims/{claim.id}", said)

    assert response["Karla-Outcome"] == "unchanged"
    assert not Event.objects.filter(ref="claims/updated").exists()


def test_a_decision_is_taken_back_before_another_is_made(shop, client):
    claim = make_claim(ship(shop).order)
    path = f"/claims/{claim.id}"
    client.request("PUT", path, {"status": "accepted"})

    refused = client.request("PUT", path, {"status": "rejected"})
    reopened = client.request("PUT", path, {"status": "pending"})
    decided = client.request("PUT", path, {"status": "rejected"})

    assert_refused(refused, 409, "claim_decided")
    assert [r.json()["status"] for r in (reopened, decided)] == ["pending", "rejected"]


def test_a_deleted_claim_is_kept_and_not_found(shop, client):
    claim = make_claim(ship(shop).order)
    path = f"/claims/{claim.id}"

    deleted = client.request("DELETE", path)

    assert deleted.status_code == 204
    for response in (client.get(path), client.request("DELETE", path)):
        assert_refused(response, 404, "claim_not_found")
    assert client.get("/claims").json() == []
    assert Claim.objects.get().deleted_at is not None


def test_searches_narrow(shop, client):
    first = ship(shop, "T1")
    refund = make_claim(first.order, resolution_preference="refund")
    returned = make_claim(first.order, reason="return", resolution_preference="reorder")
    other = make_claim(ship(shop, "T2").order, reason="support")
    client.request("PUT", f"/claims/{other.id}", {"status": "closed"})

    def found(query: str) -> set[str]:
        return {claim["uuid"] for claim in client.get(f"/claims?{query}").json()}

    assert found(f"order_id={first.order_id}") == {str(refund.id), str(returned.id)}
    assert found(f"shipment_id={first.id}&reason=return") == {str(returned.id)}
    assert found("resolution_preference=refund") == {str(refund.id)}
    assert found("status=closed") == {str(other.id)}


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("state=pending", "parameter_unknown"),
        ("status=won", "payload_invalid"),
        ("order_id=1", "payload_invalid"),
        ("page=0", "payload_invalid"),
        ("per_page=101", "payload_invalid"),
        ("status=", "payload_invalid"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused(client, query, key):
    assert_refused(client.get(f"/claims?{query}"), 422, key)


def test_pages_are_newest_first_and_linked(shop, client):
    order = ship(shop).order
    made = [make_claim(order, description=str(n)) for n in range(5)]

    first = client.get("/claims?per_page=2")
    link = first["Link"].partition(">")[0].lstrip("<").partition("/v1/shops/")[2]
    second = client.get("/" + link.partition("/")[2])
    by_number = client.get("/claims?per_page=2&page=2")

    def ids(response):
        return [claim["uuid"] for claim in response.json()]

    newest = [str(claim.id) for claim in reversed(made)]
    assert ids(first) == newest[:2]
    assert ids(second) == ids(by_number) == newest[2:4]


def test_a_list_of_many_costs_as_many_queries_as_one(shop, client):
    def queries_for_the_list() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/claims")
        return len(queries)

    make_claim(ship(shop, "T0").order)
    client.get("/claims")  # the key is marked as used once in a while
    one = queries_for_the_list()
    for number in range(1, 6):
        make_claim(ship(shop, f"T{number}").order)

    assert queries_for_the_list() == one <= 10
    assert len(client.get("/claims").json()) == 6


def test_an_unread_change_is_answered_with_304(shop, client):
    claim = make_claim(ship(shop).order)
    first = client.get(f"/claims/{claim.id}")

    again = client.get(f"/claims/{claim.id}", **{"If-None-Match": first["ETag"]})

    assert again.status_code == 304


def test_a_claim_outlives_a_parcel_that_is_no_longer_expected(shop, client):
    order = place(shop, expected_number_of_shipments=2)
    draft = order.shipments.order_by("position").last()
    client.post({"shipment_id": str(draft.id), "reason": "support"}, "/claims")

    lowered = client.patch({"expected_number_of_shipments": 1}, f"/orders/{order.id}")

    assert lowered.status_code == 200
    [claim] = client.get("/claims").json()
    assert (claim["shipment_id"], claim["order_id"]) == (None, str(order.id))


def test_claims_of_test_parcels_are_marked_and_left_out_of_numbers(shop):
    shipment = ship(shop)
    Shipment.objects.filter(id=shipment.id).update(is_test=True)

    claim = make_claim(shipment.order)

    assert claim.is_test
    assert not Claim.objects.of(shop).real().exists()
