"""From facts to mails: who is told of what, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.ids import new_id
from events.models import Event
from intake.test_parcels import send_test_parcel
from notices.models import Audience, Mail, Notice
from notices.services import save_settings, switch_notice
from shipments.feeds.simulator.stories import STORIES, Speed
from shops.models import Role, Shop
from tests.factories import make_member, make_shop, place
from tests.notices.telling import CUSTOMER, parcel, queued, report, switch_on
from tests.webhooks.facts import record_fact
from webhooks.dispatch import dispatch, dispatch_shop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop() -> Shop:
    return make_shop()


def test_nobody_is_told_of_anything_unless_it_is_switched_on(shop):
    report(parcel(shop))

    dispatch()

    assert queued(shop) == []


def test_the_customer_is_told_of_a_group_that_is_on_and_of_no_other(shop):
    switch_on(shop, "shipment_out_for_delivery")
    shipment = parcel(shop)
    report(shipment)
    report(shipment, "SUCCESSFULLY_DELIVERED")

    dispatch()

    assert queued(shop) == [("shipment_out_for_delivery", CUSTOMER)]


def test_one_mail_for_each_group_and_shipment_however_often_it_happens(shop):
    switch_on(shop, "shipment_out_for_delivery")
    shipment, other = parcel(shop), parcel(shop)
    for days in (2, 1, 0):
        report(shipment, at=timezone.now() - timedelta(hours=days))
        dispatch()
    report(other)

    dispatch()

    assert queued(shop) == [("shipment_out_for_delivery", CUSTOMER)] * 2


def test_the_database_itself_keeps_it_to_one(shop):
    about = new_id()
    said = {"shop": shop, "event_group": "shipment_delivered", "about_id": about}
    Mail.objects.create(audience=Audience.CUSTOMERS, recipient="a@x.example", **said)

    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.create(audience=Audience.CUSTOMERS, recipient="b@x.example", **said)

    Mail.objects.create(audience=Audience.STAFF, recipient="a@x.example", **said)
    Mail.objects.create(audience=Audience.STAFF, recipient="b@x.example", **said)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.create(audience=Audience.STAFF, recipient="b@x.example", **said)


def test_many_dispatchers_at_once_queue_each_mail_once(shop):
    switch_on(shop, "shipment_out_for_delivery")
    shipments = [parcel(shop) for _ in range(8)]
    for shipment in shipments:
        report(shipment)
        report(shipment, "LOADED_FOR_DELIVERY")

    def run(_number: int) -> None:
        try:
            for _ in range(10):
                dispatch_shop(shop, limit=3)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))
    dispatch()

    assert Mail.objects.of(shop).count() == 8


def test_a_dispatcher_that_dies_before_it_marks_leaves_no_mail_twice(shop):
    switch_on(shop, "shipment_out_for_delivery")
    report(parcel(shop))
    dispatch()

    Event.objects.of(shop).update(is_relayed=False)
    dispatch()

    assert len(queued(shop)) == 1


def test_old_news_is_told_to_nobody_by_the_shops_own_measure(shop):
    patient = make_shop(stale_after_hours=48)
    yesterday = timezone.now() - timedelta(hours=24)
    for one in (shop, patient):
        switch_on(one, "shipment_out_for_delivery")
        shipment = parcel(one, order_placed_at="2026-01-01T00:00:00Z")
        report(shipment, at=yesterday)

    dispatch()

    assert queued(shop) == []
    assert len(queued(patient)) == 1


def test_a_late_scan_is_no_news(shop):
    switch_on(shop, "shipment_out_for_delivery")
    shipment = parcel(shop)
    report(shipment, "SUCCESSFULLY_DELIVERED")
    report(shipment, at=timezone.now() - timedelta(hours=1))

    dispatch()

    assert queued(shop) == []


def test_what_happened_before_it_was_switched_on_is_told_to_nobody(shop):
    shipment = parcel(shop)
    report(shipment)
    switch_on(shop, "shipment_out_for_delivery")
    dispatch()
    assert queued(shop) == []

    switch_notice(shop, audience=Audience.CUSTOMERS, group="shipment_out_for_delivery", is_on=False)
    report(shipment, "LOADED_FOR_DELIVERY")
    dispatch()
    assert queued(shop) == []


def test_a_general_notice_speaks_where_no_closer_one_is_on(shop):
    switch_on(shop, "shipment_delivered_all_events", "shipment_picked_up")
    shipment = parcel(shop)
    report(shipment, "DELIVERED_TO_PARCEL_SHOP", at=timezone.now() - timedelta(hours=2))
    report(shipment, "PICKED_UP")

    dispatch()

    assert queued(shop) == [
        ("shipment_delivered_all_events", CUSTOMER),
        ("shipment_picked_up", CUSTOMER),
    ]


def test_a_test_parcel_tells_staff_and_no_customer(shop):
    make_member(shop, Role.ADMIN, email="boss@shop.example")
    for audience in Audience:
        switch_on(shop, "shipment_pre_transit", audience=audience)
    send_test_parcel(shop, story=STORIES["smooth"], speed=Speed.AS_IT_IS)

    dispatch()

    assert {recipient for _, recipient in queued(shop)} == {"boss@shop.example"}


def test_staff_are_the_shops_admins_or_whom_it_names(shop):
    make_member(shop, Role.ADMIN, email="boss@shop.example")
    make_member(shop, Role.EDITOR)
    make_member(shop, Role.ADMIN, is_active=False)
    switch_on(shop, "order_placed", audience=Audience.STAFF)
    place(shop)
    dispatch()
    save_settings(
        shop,
        staff_addresses=["help@shop.example", "night@shop.example"],
        reply_to="",
        stale_after_hours=4,
    )
    place(shop)

    dispatch()

    assert sorted(recipient for _, recipient in queued(shop)) == [
        "boss@shop.example",
        "help@shop.example",
        "night@shop.example",
    ]


def test_of_a_claim_each_state_is_told_once(shop):
    make_member(shop, Role.ADMIN, email="boss@shop.example")
    switch_on(shop, "claim_updated", audience=Audience.STAFF)
    order, claim = place(shop), str(new_id())

    def changed(status: str) -> None:
        record_fact(
            shop,
            ref="claims/updated",
            group="claim_updated",
            order_id=order.id,
            more={"claim_id": claim, "status": status},
        )

    for status in ("pending", "pending", "accepted"):
        changed(status)
    dispatch()

    assert len(queued(shop)) == 2


def test_an_order_without_an_address_queues_nothing(shop):
    switch_on(shop, "shipment_out_for_delivery")
    report(parcel(shop, email_id=None))

    dispatch()

    assert queued(shop) == []


def test_names_of_the_shops_own_are_told_to_nobody(shop):
    switch_on(shop, "shipment_in_transit")
    report(parcel(shop), "LEFT_OUR_WAREHOUSE_BY_BIKE")

    dispatch()

    assert queued(shop) == []


def test_a_shop_without_notices_pays_one_question_for_each_batch(shop):
    def statements() -> list[str]:
        for _ in range(3):
            place(shop)
        with CaptureQueriesContext(connection) as captured:
            dispatch_shop(shop)
        return [query["sql"] for query in captured if "notices_" in query["sql"]]

    assert len(statements()) == 1
    switch_on(shop, "shipment_delivered")
    assert len(statements()) == 1


def test_mails_cost_as_many_queries_for_many_facts_as_for_one(shop):
    switch_on(shop, "order_placed")

    def cost(count: int) -> int:
        for _ in range(count):
            place(shop, email_id=CUSTOMER)
        with CaptureQueriesContext(connection) as captured:
            dispatch_shop(shop)
        return len(captured)

    cost(1)
    assert cost(1) == cost(20)
    assert Mail.objects.count() == 22


def test_an_upsert_pays_nothing_for_notices(shop):
    def statements() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            place(shop, email_id=CUSTOMER)
        return [query["sql"].partition("VALUES")[0][:60] for query in captured]

    without = statements()
    switch_on(shop, "order_placed", "shipment_delivered")

    assert statements() == without
    assert not Mail.objects.exists()
    assert Notice.objects.count() == 2
