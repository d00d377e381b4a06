"""From facts to deliveries: real transactions, several at once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event as Flag

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import Event
from shops.models import Shop
from tests.factories import fulfil, make_shop, place
from tests.webhooks.facts import record_fact
from webhooks.dispatch import dispatch, dispatch_shop
from webhooks.models import Delivery, Message, Webhook
from webhooks.replay import Selection, selected_events
from webhooks.services import create_webhook

pytestmark = pytest.mark.django_db(transaction=True)

URL = "https://203.0.114.1/hook"


@pytest.fixture
def shop() -> Shop:
    return make_shop()


def subscribe(shop: Shop, *events: str) -> Webhook:
    return create_webhook(shop, url=URL, enabled_events=events or ["*"])[0]


def told(webhook: Webhook) -> list[str]:
    rows = Delivery.objects.of(webhook.shop).filter(webhook=webhook).order_by("position")
    return [str(message_id) for message_id in rows.values_list("message_id", flat=True)]


def last_hour() -> Selection:
    now = timezone.now()
    return Selection(
        start=now - timedelta(hours=1), end=now + timedelta(hours=1), only_undelivered=False
    )


class Other:
    """Another connection, whose transaction is opened, used and ended when the test says so."""

    def __init__(self, pool: ThreadPoolExecutor, work: Callable[[], object]) -> None:
        self.written, self.may_commit = Flag(), Flag()
        self.result = pool.submit(self._run, work)
        assert self.written.wait(10)

    def _run(self, work: Callable[[], object]) -> object:
        try:
            with transaction.atomic():
                result = work()
                self.written.set()
                assert self.may_commit.wait(10)
            return result
        finally:
            connection.close()

    def commit(self) -> str:
        self.may_commit.set()
        return str(self.result.result(10))


def test_what_was_recorded_first_and_committed_last_comes_last(shop):
    webhook = subscribe(shop)
    with ThreadPoolExecutor(2) as pool:
        slow = Other(pool, lambda: record_fact(shop))
        quick = Other(pool, lambda: record_fact(shop))
        ids = [quick.commit(), slow.commit()]

    assert dispatch() == 2

    assert told(webhook) == ids


def test_a_slow_transaction_is_not_overtaken_for_good(shop):
    webhook = subscribe(shop)
    with ThreadPoolExecutor(1) as pool:
        slow = Other(pool, lambda: record_fact(shop))
        quick = str(record_fact(shop))
        assert dispatch() == 1
        assert told(webhook) == [quick]

        late = slow.commit()
    dispatch()

    assert told(webhook) == [quick, late]


def test_what_was_rolled_back_is_told_to_nobody(shop):
    webhook = subscribe(shop)

    with transaction.atomic():
        record_fact(shop)
        transaction.set_rollback(True)

    assert dispatch() == 0
    assert told(webhook) == []


def test_many_dispatchers_at_once_make_each_delivery_once_and_in_order(shop):
    webhooks = [subscribe(shop), subscribe(shop, "shipments/delivered")]
    ids = [str(record_fact(shop)) for _ in range(120)]

    def run(_number: int) -> int:
        try:
            return sum(dispatch_shop(shop, limit=7) for _ in range(30))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(run, range(6)))
    dispatch()

    assert [told(webhook) for webhook in webhooks] == [ids, ids]
    positions = list(Message.objects.of(shop).values_list("position", flat=True))
    assert len(set(positions)) == len(positions) == 120


def test_a_dispatcher_that_dies_before_it_marks_leaves_nothing_twice(shop):
    webhook = subscribe(shop)
    order = place(shop)
    dispatch()
    before = list(Message.objects.order_by("id").values("id", "body", "position"))

    Event.objects.update(is_relayed=False)  # as it is for whoever comes after the dead one
    order.email_id = "other@example.com"
    order.save()
    dispatch()

    assert len(told(webhook)) == 1
    assert list(Message.objects.order_by("id").values("id", "body", "position")) == before


def test_a_webhook_made_after_an_event_does_not_get_it(shop):
    record_fact(shop)
    webhook = subscribe(shop)
    later = record_fact(shop)

    dispatch()

    assert told(webhook) == [str(later)]


def test_each_gets_what_it_wants_and_nothing_of_another_shop(shop):
    other = make_shop()
    everything, arrivals, strangers = subscribe(shop), subscribe(shop, "orders"), subscribe(other)
    fulfil(shop, place(shop), "T1")

    dispatch()

    assert len(told(everything)) == 3
    assert len(told(arrivals)) == 2
    assert told(strangers) == []


def test_an_inactive_webhook_is_told_of_nothing_new(shop):
    webhook = subscribe(shop)
    Webhook.objects.update(status="inactive")
    record_fact(shop)

    dispatch()

    assert told(webhook) == []


def test_a_stale_event_is_kept_and_told_to_nobody(shop):
    webhook = subscribe(shop)
    long_ago = timezone.now() - timedelta(hours=4, minutes=1)
    stale = record_fact(shop, event_time=long_ago)
    fresh = record_fact(shop, event_time=long_ago + timedelta(minutes=2))

    dispatch()

    assert told(webhook) == [str(fresh)]
    assert Event.objects.of(shop).filter(id=stale, is_relayed=True).exists()


def test_each_shop_says_what_is_too_old_to_tell(shop):
    patient = make_shop(stale_after_hours=48)
    webhook, other = subscribe(shop), subscribe(patient)
    yesterday = timezone.now() - timedelta(hours=24)
    record_fact(shop, event_time=yesterday)
    kept = record_fact(patient, event_time=yesterday)

    dispatch()

    assert told(webhook) == []
    assert told(other) == [str(kept)]
    assert [selected_events(one, last_hour()).count() for one in (webhook, other)] == [0, 1]


def test_what_goes_wrong_in_one_shop_does_not_stop_another(shop):
    broken, webhook = make_shop(), subscribe(shop)
    subscribe(broken)
    record_fact(broken, ref="shipments/delivered/X", group="shipment_delivered")
    Event.objects.of(broken).update(event_data={"event_time": {"not": "a time"}}, ref="x" * 160)
    Webhook.objects.of(broken).update(enabled_events=[["a list"]])
    mine = record_fact(shop)

    dispatch()

    assert told(webhook) == [str(mine)]


def test_facts_of_before_there_was_a_relay_are_not_waiting(shop):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_default FROM information_schema.columns"
            " WHERE table_name = 'events_event' AND column_name = 'is_relayed'"
        )
        assert cursor.fetchone() == ("false",)


def test_dispatch_costs_as_many_queries_for_many_facts_as_for_one(
    shop, django_assert_max_num_queries
):
    subscribe(shop)
    for _ in range(2):
        fulfil(shop, place(shop), "T1")
    dispatch()
    for count in (1, 12):
        for _ in range(count):
            fulfil(shop, place(shop), "T1")
        with django_assert_max_num_queries(20):
            assert dispatch_shop(shop) == 3 * count
    assert Counter(Message.objects.values_list("event_group", flat=True)) == {
        "order_placed": 15,
        "order_fulfilled": 15,
        "shipment_pre_transit": 15,
    }


def test_an_upsert_pays_nothing_for_webhooks(shop):
    def statements() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            place(shop)
        return [query["sql"].partition("VALUES")[0][:60] for query in captured]

    without = statements()
    for _ in range(50):
        subscribe(shop)

    assert statements() == without
    assert not Delivery.objects.exists()
