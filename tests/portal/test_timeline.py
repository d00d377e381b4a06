"""Everything that happened to an order, in one timeline."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.trace import Via, traced
from engagement.actions import record_action
from engagement.models import ActionKind, Rating
from events.models import Event
from notices.models import Audience, Mail, MailState
from orders.models import Order
from orders.tracking_link import tracking_page_url
from shipments.models import Feed, Shipment
from shipments.scans.inputs import ScanInput
from shipments.scans.record import record_scan
from shops.models import ApiKey, Role, Shop
from tests.api import ShopClient
from tests.factories import fulfil, make_campaign, make_claim, make_shop, place
from tests.portal.pages import member_client, orders_url, text_of
from tests.webhooks.facts import record_attempt
from webhooks.dispatch import dispatch
from webhooks.models import Delivery, DeliveryState
from webhooks.services import create_webhook

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return make_shop(timezone="Europe/Berlin")


def happened(shop: Shop, order: Order, query: str = "", role: Role = Role.VIEWER) -> str:
    """What the order's page says of it."""
    response = member_client(shop, role).get(f"{orders_url(shop)}/{order.id}{query}")
    assert response.status_code == 200
    return section(response)


def section(response) -> str:
    html = response.content.decode()
    found = re.search(r'<section[^>]* id="timeline".*?</section>', html, re.DOTALL)
    assert found
    response.content = found[0]
    return text_of(response)


def scan(shipment: Shipment, name: str, *, hours_ago: float, **said) -> None:
    at = timezone.now() - timedelta(hours=hours_ago)
    said = {"event_name": name, "event_time": at, "external_id": f"{name}{hours_ago}", **said}
    record_scan(shipment, ScanInput.model_validate(said), feed=Feed.API)


def test_an_api_call_says_which_key_made_it_and_in_which_request(shop):
    program = ShopClient(shop)
    body = {"id": "A-1", "order": {"order_number": "A-1", "address": {"zip_code": "1"}}}
    program.put({**body, "trackings": []}, **{"X-Request-ID": "erp-17"})

    told = happened(shop, Order.objects.get())

    key = ApiKey.objects.get()
    assert f"Order placed {clock()} · API key {key.username} …{key.hint} · PUT /orders" in told
    assert "erp-17" in told
    event = Event.objects.get()
    assert (event.via, event.call, event.key_hint) == ("api", "PUT /orders", key.hint)


def clock() -> str:
    event = Event.objects.order_by("created_at")[0]
    with timezone.override("Europe/Berlin"):
        return f"{timezone.localtime(event.created_at):%H:%M}"


def test_an_edit_in_the_portal_and_one_by_a_job_are_edits_by_people(shop):
    order = place(shop, order_number="A-1")
    client = member_client(shop, Role.EDITOR, email="ada@example.com")
    client.post(f"{orders_url(shop)}/{order.id}/cancel")
    with traced(actor="bob@example.com", via=Via.JOB, call="cancel_orders"):
        other = place(shop, order_number="A-2")

    by_ada = happened(shop, order, "?kind=people")
    by_job = happened(shop, other, "?kind=people")

    assert "Order cancelled" in by_ada
    assert "ada@example.com · in the portal" in by_ada
    assert "Order placed" not in by_ada
    assert "bob@example.com · Cancel orders" in by_job


def test_scans_are_told_with_place_and_time_and_late_ones_too(shop):
    order = fulfil(shop, place(shop), "T1", carrier_reference="dpd")
    shipment = order.shipments.get()
    scan(shipment, "OUT_FOR_DELIVERY", hours_ago=1, location="Berlin")
    scan(shipment, "DEPARTURE_FROM_TRANSPORT_HUB", hours_ago=5, location="Leipzig")

    told = happened(shop, order, "?kind=carrier")

    assert "Out for delivery T1 DPD · Berlin · scanned" in told
    assert "(late) T1 Leipzig" in told
    assert "Order placed" not in told


def test_a_webhook_is_told_with_each_attempt_and_its_next(shop):
    create_webhook(shop, url="https://hooks.example/karla")
    order = place(shop)
    dispatch()
    delivery = Delivery.objects.get()
    later = timezone.now() + timedelta(days=2)
    refused = "[Errno 111] Connect call failed ('10.1.2.3', 443)"
    answers = [(503, ""), (None, "No response."), (None, refused)]
    for number, (status, error) in enumerate(answers, start=1):
        record_attempt(
            delivery,
            number=number,
            status=status,
            error=error,
            latency=12,
            is_success=False,
            next_attempt_at=later,
        )
    Delivery.objects.update(attempts=2, next_attempt_at=later)

    by_admin = happened(shop, order, "?kind=webhooks", role=Role.ADMIN)
    by_viewer = happened(shop, order, "?kind=webhooks")

    assert (
        f"Webhook: trying again at {timezone.localtime(later, ZoneInfo(shop.timezone)).day} "
        in by_admin
    )
    assert "orders/placed https://hooks.example/karla" in by_admin
    assert "answered 503 after 12 ms" in by_admin
    assert "No response." in by_admin
    assert "hooks.example" not in by_viewer
    assert "answered 503" in by_viewer
    assert "No response." not in by_viewer
    assert "no answer" in by_viewer
    for told in (by_admin, by_viewer):
        assert "nothing listens at that address" in told
        assert "10.1.2.3" not in told


def test_only_admins_get_the_link_to_a_delivery(shop):
    create_webhook(shop, url="https://hooks.example/karla")
    order = place(shop)
    dispatch()
    Delivery.objects.update(state=DeliveryState.SUCCEEDED)
    page = f"{orders_url(shop)}/{order.id}"
    link = f"/deliveries/{Delivery.objects.get().id}"

    assert link in member_client(shop, Role.ADMIN).get(page).content.decode()
    assert link not in member_client(shop, Role.EDITOR).get(page).content.decode()


def test_claims_mails_ratings_visits_and_the_campaign_stand_in_it(shop):
    campaign = make_campaign(shop, name="Spring")
    order = place(
        shop,
        order_placed_at=datetime.now(UTC).isoformat(),
        order_analytics={"campaign_id": str(campaign.id)},
    )
    order = fulfil(shop, order, "T1")
    shipment = order.shipments.get()
    with traced(actor="API key demo", request_id="claims-1", via=Via.API, call="POST /claims"):
        make_claim(order, reason="damage")
    Mail.objects.create(
        shop=shop,
        audience=Audience.CUSTOMERS,
        event_group="shipment_delivered",
        about_id=shipment.id,
        order_id=order.id,
        recipient="jane@example.com",
        state=MailState.SENT,
        subject="It is there",
    )
    Rating.objects.create(shop=shop, order=order, shipment=shipment, score=5, comment="Quick.")
    record_action(shop, order, kind=ActionKind.OPENED)
    record_action(shop, order, kind=ActionKind.OPENED)

    everything = happened(shop, order)

    for said in (
        "Claim filed",
        "API key demo · POST /claims",
        "claims-1",
        "E-mail to the customer: “It is there” jane@example.com",
        "Rated 5 of 5 Quick.",
        "Tracking page opened 2 times, last on",
        "Brought by the campaign “Spring”",
    ):
        assert said in everything, said
    assert "Claim filed" in happened(shop, order, "?kind=claims")
    assert "Rated" not in happened(shop, order, "?kind=claims")
    assert "Rated" in happened(shop, order, "?kind=customer")
    assert "Spring" in happened(shop, order, "?kind=campaign")
    assert "It is there" in happened(shop, order, "?kind=mails")


def test_it_can_be_read_from_the_beginning(shop):
    order = fulfil(shop, place(shop), "T1")

    newest_first, oldest_first = happened(shop, order), happened(shop, order, "?sort=oldest")

    assert newest_first.index("Order fulfilled") < newest_first.index("Order placed")
    assert oldest_first.index("Order placed") < oldest_first.index("Order fulfilled")


@pytest.mark.parametrize("query", ["", "?sort=oldest"])
def test_a_long_story_is_read_page_by_page_and_nothing_is_missed(shop, query):
    for number in range(90):
        order = place(shop, order_number="A-1", order_name=f"name {number}")
    client = member_client(shop)
    address, told, pages = f"{orders_url(shop)}/{order.id}{query}", 0, 0

    while address:
        response = client.get(address)
        html = response.content.decode()
        told += section(response).count("Order updated")
        pages += 1
        found = re.search(r'rel="next" href="([^"]+)"', html)
        address = found[1].replace("&amp;", "&") if found else ""

    assert (told, pages) == (89, 3)


@pytest.mark.parametrize("query", ["?kind=weather", "?sort=up", "?after=x", "?after=%00"])
def test_a_question_without_sense_finds_nothing(shop, query):
    told = happened(shop, place(shop), query)

    assert "Nothing of this kind is on record." in told
    assert "Order placed" not in told


def test_days_stand_above_what_happened_on_them_in_the_shops_zone(shop):
    order = place(shop)
    Event.objects.update(created_at=datetime(2024, 12, 31, 23, 30, tzinfo=UTC))

    assert "Wednesday 1 January 2025 Order placed 00:30" in happened(shop, order)


def test_a_parcels_page_has_what_concerns_it_and_no_more(shop):
    order = place(shop, expected_number_of_shipments=2)
    order = fulfil(shop, fulfil(shop, order, "T1"), "T2")
    shipment = Shipment.objects.get(tracking_number="T2")

    page = f"/shops/{shop.slug}/shipments/{shipment.id}"
    told = section(member_client(shop).get(page))

    assert "Tracking number attached T2" in told
    assert "T1" not in told
    assert "Order placed" not in told


def test_only_the_timeline_answers_where_only_it_is_asked_for(shop):
    order = place(shop)
    headers = {"HX-Request": "true", "HX-Target": "timeline"}

    part = member_client(shop).get(f"{orders_url(shop)}/{order.id}", headers=headers)

    assert part.content.decode().strip().startswith("<section")
    assert "Order placed" in text_of(part)


def test_another_shops_story_is_not_told(shop):
    other = make_shop()
    order = place(shop)
    Event.objects.filter(order_id=order.id).update(shop=other)

    assert "Order placed" not in happened(shop, order)


def test_a_long_story_costs_as_many_queries_as_a_short_one(shop):
    create_webhook(shop, url="https://hooks.example/karla")
    client = member_client(shop, Role.ADMIN)

    def live(number: str, times: int) -> Order:
        order = fulfil(shop, place(shop, order_number=number), f"T{number}")
        shipment = order.shipments.get()
        for hour in range(times):
            scan(shipment, "OUT_FOR_DELIVERY", hours_ago=30 - hour)
            scan(shipment, "DEPARTURE_FROM_TRANSPORT_HUB", hours_ago=50 - hour)
            record_action(shop, order, kind=ActionKind.CLICKED, element=f"e{hour}")
            make_claim(order, reason="damage", description=str(hour))
        dispatch()
        return order

    short, long = live("1", 1), live("2", 9)

    def cost(order: Order) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{orders_url(shop)}/{order.id}").status_code == 200
        return len(queries)

    cost(short)
    assert cost(long) == cost(short)


def test_the_id_of_a_request_leads_to_its_events_and_to_no_others(shop):
    other = make_shop()
    for where, number in ((shop, "A-1"), (other, "B-1")):
        with traced(request_id="erp-99"):
            place(where, order_number=number)
    with traced(request_id="erp-100"):
        place(shop, order_number="A-2")
    client, page = member_client(shop), f"/shops/{shop.slug}/events"

    found = text_of(client.get(page, {"request": "erp-99"}))
    nothing = text_of(client.get(page, {"request": "erp-1"}))
    hostile = client.get(page, {"request": "\x00' OR 1=1"})

    assert found.count("orders/placed") == 1 + found.count('"ref"')
    assert "A-1" in found
    assert "A-2" not in found
    assert "B-1" not in found
    assert "That request changed nothing here" in nothing
    assert hostile.status_code == 200


def test_a_token_in_the_address_is_not_kept(shop):
    order = fulfil(shop, place(shop), "T1")
    token = tracking_page_url(shop.id, order.id).rpartition("/")[2]
    program = ShopClient(shop)
    program.post({"shipment_id": str(order.shipments.get().id), "reason": "damage"}, "/claims")

    calls = set(Event.objects.values_list("call", flat=True))

    assert "POST /claims" in calls
    assert not any(token in call for call in calls)
