"""Erasing a customer: nothing of them is left anywhere, and nothing else is lost."""

import json
from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.conf import settings
from django.db import connection
from django.utils import timezone
from redis import Redis

from analytics.catalogue.numbers import NUMBERS
from analytics.refresh import refresh
from events.models import Event
from jobs.models import Job, JobState
from jobs.services import stop_job
from jobs.work import work_off
from notices.models import Mail, MailState
from notices.sending import MailSender
from orders.models import Order
from portal.jobs.kinds import KINDS
from portal.models import SavedFilter
from portal.privacy.holdings import HELD
from portal.sheets.models import OrderImport
from privacy.erasing import count_held
from privacy.held import Customer
from privacy.models import Erasure
from privacy.requests import give_up_unfinished
from shipments.arrival.destinations import zip_area
from shipments.models import Shipment
from shops.models import Role
from tests.api import ShopClient
from tests.factories import fulfil, make_shop, place
from tests.notices.telling import switch_on
from tests.portal.pages import member_client, text_of
from tests.privacy.marked import (
    EMAIL,
    MARK,
    found_in_database,
    found_in_files,
    live,
    order_of,
)
from tests.tracking.pages import customer, page_url
from tests.webhooks.facts import record_attempt
from tests.webhooks.working import work_until
from webhooks.dispatch import dispatch
from webhooks.models import Attempt, Delivery, DeliveryState
from webhooks.personal_data import HELD as HELD_OF_WEBHOOKS
from webhooks.samples import send_test
from webhooks.services import create_webhook, update_webhook

pytestmark = pytest.mark.django_db(transaction=True)

EXPECTED_BEFORE = {
    "auditlog_logentry.changes",
    "claims_claim.description",
    "claims_claimdraft.answers",
    "claims_claimentry.text",
    "claims_claimmail.body",
    "claims_claimphoto.name",
    "engagement_rating.comment",
    "events_event.event_data",
    "intake_idempotentrequest.content",
    "jobs_job.asked",
    "jobs_jobrow.message",
    "notices_mail.text",
    "orders_order.address",
    "orders_order.search_text",
    "portal_savedfilter.query",
    "sheets_importedrow.cells",
    "shipments_scan.additional_info",
    "shipments_shipment.pickup",
    "webhooks_attempt.response_body",
    "webhooks_message.body",
}


@pytest.fixture
def shop(media):
    return make_shop()


def erase(client, shop, address=EMAIL, **said):
    at = f"/shops/{shop.slug}/customer-data/erase"
    answer = client.post(at, {"address": address, "typed": address, **said})
    work_off(KINDS, seconds=60)
    return answer


def test_nothing_of_the_person_is_left_in_any_table_or_file(shop, receiver, media):
    orders = live(shop, receiver)
    admin = member_client(shop, Role.ADMIN)
    admin.post(f"/shops/{shop.slug}/customer-data/export", {"address": EMAIL})
    work_off(KINDS, seconds=60)
    assert Job.objects.latest("created_at").trouble == ""
    before = set(found_in_database())
    assert before >= EXPECTED_BEFORE, EXPECTED_BEFORE - before
    assert [name.partition("/")[0] for name in found_in_files(media)].count("claims") == 3
    assert [name.partition("/")[0] for name in found_in_files(media)].count("exports") == 1
    assert kept_pages(orders[0])

    erase(admin, shop)

    assert Job.objects.latest("created_at").state == JobState.DONE
    assert found_in_database() == {}
    assert found_in_files(media) == []
    assert not kept_pages(orders[0])


def kept_pages(order):
    with Redis.from_url(settings.CACHES["default"]["LOCATION"]) as kept:
        return list(kept.scan_iter(f"*tracking:*{order.id}*"))


def fresh(order):
    return Order.objects.get(id=order.id)


def test_the_order_keeps_what_it_was_and_loses_who_it_was_for(shop):
    order = fulfil(shop, place(shop, email_id=EMAIL), "T1", carrier_reference="dhl")
    kept = (
        "order_number",
        "order_name",
        "external_id",
        "state",
        "order_placed_at",
        "total_order_price",
        "currency",
        "segments",
        "weight",
    )
    before = {name: getattr(order, name) for name in kept}

    erase(member_client(shop, Role.ADMIN), shop)

    erased = fresh(order)
    assert {name: getattr(erased, name) for name in kept} == before
    assert erased.address == {"zip_code": "10", "country": "Germany", "country_code": "DE"}
    assert (erased.email_id, erased.external_customer_id) == ("", "")
    assert erased.discounts == [{"code": "", "amount": "10.0", "type": "percentage"}]
    assert erased.lines.get().title == "Product A"
    shipment = erased.shipments.get()
    assert (shipment.tracking_number, shipment.carrier_reference) == ("T1", "dhl")


@pytest.mark.parametrize(
    ("zip_code", "area"), [("10115", "10"), ("SW4 7AB", "SW"), ("D02 XY45", "D0"), ("L-1009", "L1")]
)
def test_the_area_that_stays_is_the_one_that_arrivals_are_estimated_by(shop, zip_code, area):
    order = place(shop, email_id=EMAIL, address={"zip_code": zip_code})

    erase(member_client(shop, Role.ADMIN), shop)

    assert fresh(order).zip_code == area == zip_area(zip_code)


def test_orders_of_others_and_of_other_shops_stay(shop):
    other = place(shop, email_id="other@example.com")
    elsewhere = place(make_shop(), email_id=EMAIL)
    before = [order.address for order in (other, elsewhere)]
    place(shop, email_id=EMAIL)

    erase(member_client(shop, Role.ADMIN), shop)

    assert [fresh(order).address for order in (other, elsewhere)] == before
    assert fresh(elsewhere).email_id == EMAIL


def test_what_is_suggested_is_erased_only_where_it_was_ticked(shop):
    place(shop, email_id=EMAIL)
    ticked, unticked, alien = (place(shop, email_id=f"{n}@example.com") for n in "abc")
    Order.objects.filter(id=alien.id).update(address={"zip_code": "1", "name": "Ada"})
    admin = member_client(shop, Role.ADMIN)

    page = admin.post(f"/shops/{shop.slug}/customer-data", {"address": EMAIL})
    erase(admin, shop, order=[ticked.id, alien.id])

    assert {order.id for order in page.context["found"].suggested} == {ticked.id, unticked.id}
    assert fresh(ticked).email_id == ""
    assert fresh(unticked).email_id == "b@example.com"
    assert fresh(alien).email_id == "c@example.com"


@pytest.mark.parametrize("typed", ["", "jane", "other@example.com"])
def test_another_address_typed_erases_nothing(shop, typed):
    order = place(shop, email_id=EMAIL)

    answer = erase(member_client(shop, Role.ADMIN), shop, typed=typed)

    assert answer.status_code == 422
    assert "nothing was erased" in text_of(answer)
    assert fresh(order).email_id == EMAIL
    assert not Job.objects.exists()


def test_the_preview_says_what_goes_and_changes_nothing(shop):
    order = place(shop, email_id=EMAIL)
    admin = member_client(shop, Role.ADMIN)

    page = admin.post(f"/shops/{shop.slug}/customer-data/erase", {"address": EMAIL})

    assert f"Erase {EMAIL}?" in text_of(page)
    assert {one.held.table: one.count for one in page.context["emptied"]} == {
        "orders_order": 1,
        "shipments_shipment": 1,
        "events_event": 1,
    }
    assert fresh(order).email_id == EMAIL


def test_the_links_of_the_order_open_no_more(shop):
    order = place(shop, email_id=EMAIL)
    assert customer().get(page_url(order)).status_code == 200

    erase(member_client(shop, Role.ADMIN), shop)

    assert customer().get(page_url(order)).status_code == 404
    assert customer().get(page_url(order, "/claims")).status_code == 404
    found = customer().post(
        f"/t/find/{shop.slug}", {"number": order.order_number, "zip_code": "10"}
    )
    assert found.status_code == 404


def test_numbers_are_the_same_before_and_after(shop, receiver):
    live(shop, receiver)
    before = all_numbers(shop)
    assert before["claim_rate"]["value"] == 0.5
    refresh(shop)

    erase(member_client(shop, Role.ADMIN), shop)

    assert all_numbers(shop) == before
    refresh(shop)
    assert all_numbers(shop) == before


def all_numbers(shop):
    client, today = ShopClient(shop), timezone.localdate()
    days = f"from={today - timedelta(days=10)}&to={today}"
    said = {}
    for name, number in NUMBERS.items():
        for group in ("", *(f"&group_by={dimension}" for dimension in number.group_by)):
            answer = client.get(f"/analytics/{name}?{days}{group}")
            assert answer.status_code == 200, answer.content
            said[name + group] = answer.json()
    return said


def test_a_job_that_died_goes_on_where_it_was(shop, monkeypatch):
    monkeypatch.setattr("portal.privacy.erase_customer.AT_ONCE", 1)
    orders = [place(shop, email_id=EMAIL) for _ in range(3)]
    admin = member_client(shop, Role.ADMIN)
    at = f"/shops/{shop.slug}/customer-data/erase"
    admin.post(at, {"address": EMAIL, "typed": EMAIL})

    work_off(KINDS, seconds=0)
    Job.objects.update(leased_until=None)
    work_off(KINDS, seconds=60)

    job = Job.objects.get()
    assert (job.state, job.done, job.failed) == (JobState.DONE, 3, 0)
    assert {fresh(order).email_id for order in orders} == {""}
    erasure = Erasure.objects.get()
    assert erasure.finished_at
    assert (erasure.encrypted_address, erasure.orders, erasure.order_count) == ("", [], 3)


def test_a_job_that_was_stopped_keeps_the_address_for_a_week(shop, monkeypatch):
    place(shop, email_id=EMAIL)
    at = f"/shops/{shop.slug}/customer-data/erase"
    member_client(shop, Role.ADMIN).post(at, {"address": EMAIL, "typed": EMAIL})
    stop_job(Job.objects.get())
    asked_at = Erasure.objects.get().created_at

    monkeypatch.setattr("django.utils.timezone.now", lambda: asked_at + timedelta(days=7))
    assert give_up_unfinished() == 0
    monkeypatch.setattr("django.utils.timezone.now", lambda: asked_at + timedelta(days=8))
    assert give_up_unfinished() == 1


def test_only_admins_stop_an_erasure_and_its_page_says_who_did(shop):
    place(shop, email_id=EMAIL)
    admin = member_client(shop, Role.ADMIN, email="boss@example.com")
    at = f"/shops/{shop.slug}/customer-data"
    admin.post(f"{at}/erase", {"address": EMAIL, "typed": EMAIL})
    job = Job.objects.get()
    page, editor = f"/shops/{shop.slug}/jobs/{job.id}", member_client(shop, Role.EDITOR)

    assert "Stop</button>" not in editor.get(page).content.decode()
    assert editor.post(f"{page}/stop").status_code == 403
    assert Job.objects.get().is_running
    assert admin.post(f"{page}/stop").status_code == 302

    assert (Job.objects.get().state, Job.objects.get().stopped_by) == (
        "stopped",
        "boss@example.com",
    )
    assert "Stopped : boss@example.com. Erase this customer again" in text_of(admin.get(at))


def test_erasing_again_is_the_same_as_once(shop):
    order = place(shop, email_id=EMAIL)
    admin = member_client(shop, Role.ADMIN)
    erase(admin, shop)
    kept = fresh(order).address

    erase(admin, shop)

    assert fresh(order).address == kept
    assert [job.state for job in Job.objects.all()] == [JobState.DONE] * 2


def test_an_erasure_is_found_by_the_address_and_by_nothing_else(shop):
    place(shop, email_id=EMAIL)
    admin = member_client(shop, Role.ADMIN, email="boss@example.com")
    erase(admin, shop)
    at = f"/shops/{shop.slug}/customer-data"

    again = text_of(admin.post(at, {"address": EMAIL.upper()}))
    other = text_of(admin.post(at, {"address": "other@example.com"}))
    elsewhere = make_shop()
    foreign = member_client(elsewhere, Role.ADMIN)

    assert "Erased before: 1 order, by boss@example.com" in again
    assert "Erased before" not in other
    found = foreign.post(f"/shops/{elsewhere.slug}/customer-data", {"address": EMAIL})
    assert "Erased before" not in text_of(found)


def test_a_shop_may_name_the_customer_of_an_erased_order_anew(shop):
    order = place(shop, email_id=EMAIL)
    erase(member_client(shop, Role.ADMIN), shop)

    said = {"id": order.order_number, "order": order_of(order.order_number), "trackings": []}
    answer = ShopClient(shop).put(said)

    assert answer.headers["Karla-Outcome"] == "updated"
    named = fresh(order)
    assert (named.email_id, named.erased_at) == (EMAIL, None)
    assert customer().get(page_url(order)).status_code == 200


def test_a_tracking_for_an_erased_order_names_nobody(shop):
    order = place(shop, email_id=EMAIL)
    erase(member_client(shop, Role.ADMIN), shop)

    fulfil(shop, order, "T1")

    assert fresh(order).erased_at
    assert customer().get(page_url(order)).status_code == 404


def test_a_mail_that_waits_is_not_sent(shop):
    switch_on(shop, "order_placed")
    place(shop, email_id=EMAIL)
    dispatch()
    assert Mail.objects.get().state == MailState.WAITING

    erase(member_client(shop, Role.ADMIN), shop)

    assert MailSender().send_due() == 0
    mail = Mail.objects.get()
    assert (mail.state, mail.recipient) == (MailState.SKIPPED, "")


def test_a_delivery_that_waits_says_nothing_of_the_person(shop, receiver):
    create_webhook(shop, url=receiver.url())
    order = place(shop, email_id=EMAIL)
    dispatch()
    erase(member_client(shop, Role.ADMIN), shop)

    work_until(lambda: not Delivery.objects.exclude(state=DeliveryState.SUCCEEDED).exists())

    [got] = receiver.received
    assert got.event["event_data"]["order_id"] == str(order.id)
    assert got.event["context"] == {"order": None, "customer": None, "shipments": [], "claims": []}


def test_what_is_on_hold_is_found_and_says_nothing_though_no_event_is_left(shop, receiver):
    """Events go by the month, and what waits for its webhook stays; a test has no event."""
    webhook, _ = create_webhook(shop, url=receiver.url())
    order = place(shop, email_id=EMAIL)
    dispatch()
    record_attempt(send_test(webhook, "orders/placed"), response_body=f"{MARK} said it")
    update_webhook(webhook, status="inactive")
    Event.objects.of(shop).delete()
    found = count_held(Customer(shop=shop, orders=[order.id]), HELD_OF_WEBHOOKS)
    assert {one.held.table: one.count for one in found} == {
        "webhooks_message": 2,
        "webhooks_delivery": 2,
        "webhooks_attempt": 1,
    }

    erase(member_client(shop, Role.ADMIN), shop)
    assert Attempt.objects.get().response_body == ""
    update_webhook(webhook, status="active")
    work_until(lambda: not Delivery.objects.exclude(state=DeliveryState.SUCCEEDED).exists())

    said = [got.event for got in receiver.received]
    assert [one["context"] for one in said] == [
        {"order": None, "customer": None, "shipments": [], "claims": []}
    ] * 2
    assert [one["event_data"]["order_id"] for one in said] == [str(order.id)] * 2
    assert found_in_database() == {}


def test_no_line_of_the_log_and_no_entry_of_the_audit_names_the_person(shop, caplog):
    caplog.set_level("DEBUG")
    place(shop, email_id=EMAIL)
    admin = member_client(shop, Role.ADMIN, email="boss@example.com")

    erase(admin, shop)

    assert "privacy.erased" in caplog.text
    assert MARK not in caplog.text.lower()
    entry = LogEntry.objects.get(content_type__app_label="privacy")
    assert entry.actor.email == "boss@example.com"
    assert MARK not in json.dumps(entry.changes)
    assert "Erasure" in text_of(admin.get(f"/shops/{shop.slug}/audit"))


def test_a_table_of_orders_says_what_it_holds_of_customers():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid"
            " WHERE relkind IN ('r', 'p') AND NOT relispartition AND attname = 'order_id'"
            " AND relnamespace = current_schema()::regnamespace"
        )
        of_orders = {row[0] for row in cursor.fetchall()}

    declared = {held.table for held in HELD}

    assert of_orders - declared == {"analytics_moved"}


@pytest.mark.parametrize("said", ["Zyxerika+Quokkafrau", "%2B49301234567", "030%201234567"])
def test_searches_for_the_name_or_the_phone_go_with_the_customer(shop, said):
    address = {"name": "Zyxerika Quokkafrau", "phone": "+49 30 1234567", "zip_code": "10115"}
    place(shop, email_id=EMAIL, address=address)
    OrderImport.objects.create(
        shop=shop, file_name="frau_quokkafrau.csv", headings=[], columns=[], total=1
    )
    editor = member_client(shop, Role.EDITOR)
    saved = {"Hers": f"state=placed&q={said}", "Frau Quokkafrau": "", "Quokkafrauen": "q=2345678"}
    for name, query in saved.items():
        SavedFilter.objects.create(shop=shop, name=name, query=query)
    bulk = {"query": f"q={said}", "everything": "on", "confirmed": "on"}
    editor.post(f"/shops/{shop.slug}/jobs/do/cancel_orders", bulk)
    work_off(KINDS, seconds=60)
    assert Job.objects.get().asked["query"] == f"q={said}"

    erase(member_client(shop, Role.ADMIN), shop)

    assert [one.name for one in SavedFilter.objects.all()] == ["Quokkafrauen"]
    assert "query" not in Job.objects.get(kind="cancel_orders").asked
    assert OrderImport.objects.get().file_name == "….csv"
    assert Erasure.objects.get().encrypted_names == ""


@pytest.mark.usefixtures("loopback_allowed")
def test_what_carriers_say_of_an_erased_order_names_nobody(shop):
    order = place(shop, email_id=EMAIL)
    create_webhook(shop, url="http://127.0.0.1:9/hook")
    erase(member_client(shop, Role.ADMIN), shop)
    fulfil(shop, order, "T1", tracking_url=f"https://carrier.example/?to={MARK}")
    said = {
        "event_name": "SUCCESSFULLY_DELIVERED",
        "event_time": timezone.now().isoformat(),
        "external_id": "late",
        "location": MARK,
        "additional_info": f"left with {MARK} again",
        "pickup": {"type": "neighbor", "name": MARK, "address": MARK},
    }
    shipment = Shipment.objects.get()

    answer = ShopClient(shop).post(said, f"/shipments/{shipment.id}/events")
    dispatch()

    assert answer.status_code == 201, answer.content
    assert Shipment.objects.get().phase == "delivered"
    assert found_in_database() == {}
