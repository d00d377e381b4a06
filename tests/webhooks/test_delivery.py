"""From a change to an endpoint: the worker, a real receiver, real connections."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from aiohttp import web
from django.db import connection
from django.utils import timezone
from standardwebhooks import Webhook as StandardWebhook

from shops.models import Shop
from tests.factories import fulfil, make_shop, place
from tests.webhooks.facts import record_fact
from tests.webhooks.receiver import Received
from tests.webhooks.working import work_until
from webhooks.dispatch import dispatch
from webhooks.inbox import ACCEPTED, INBOX
from webhooks.lanes import FEWEST_IN_FLIGHT, IN_FLIGHT
from webhooks.models import Attempt, Delivery, DeliveryState, Message, Webhook
from webhooks.queue import claim
from webhooks.services import (
    create_webhook,
    delete_webhook,
    resend,
    rotate_secret,
    update_webhook,
)
from webhooks.signing import karla_signature

pytestmark = pytest.mark.django_db(transaction=True)


def all_are(state: DeliveryState, count: int) -> bool:
    return list(Delivery.objects.values_list("state", flat=True)) == [state] * count


def test_a_change_reaches_the_endpoint_signed_and_once(receiver):
    shop = make_shop()
    _, secret = create_webhook(shop, url=receiver.url())
    fulfil(shop, place(shop), "T1")

    work_until(lambda: all_are(DeliveryState.SUCCEEDED, 3))

    refs = [received.event["ref"] for received in receiver.received]
    assert sorted(refs) == [
        "orders/fulfilled",
        "orders/placed",
        "shipments/order_processed/ORDER_IN_PROCESSING",
    ]
    for received in receiver.received:
        assert received.body.decode() == Message.objects.get(id=received.event["event_id"]).body
        check_signatures(received, secret)
    [first, *_] = Attempt.objects.all()
    assert (first.status, first.response_body, first.number) == (200, "thanks", 1)
    assert first.request_headers["Karla-Signature"].startswith("t=")


def test_the_test_inbox_takes_a_delivery_without_a_network_and_checks_its_signature():
    shop = make_shop()
    webhook, _ = create_webhook(shop, url=INBOX)
    record_fact(shop)
    work_until(lambda: all_are(DeliveryState.SUCCEEDED, 1))
    [first] = Attempt.objects.all()

    [delivery] = Delivery.objects.all()
    rotate_secret(webhook, overlap=timedelta(0))
    resend(delivery)
    work_until(lambda: attempted(2))
    second = Attempt.objects.exclude(id=first.id).get()

    assert (first.url, first.status, first.response_body) == (INBOX, 200, ACCEPTED)
    assert (second.url, second.status, second.response_body) == (INBOX, 200, ACCEPTED)
    name = "webhook-signature"
    assert first.request_headers[name] != second.request_headers[name]


def check_signatures(received: Received, *secrets: str) -> None:
    time_said, *signatures = received.headers["Karla-Signature"].split(",")
    timestamp = int(time_said.removeprefix("t="))
    assert abs(time.time() - timestamp) < 300
    assert signatures == [
        f"v1={karla_signature(received.body, secret, timestamp)}" for secret in secrets
    ]
    for secret in secrets:
        if secret.startswith("whsec_"):
            StandardWebhook(secret).verify(received.body, received.headers)
    assert received.headers["webhook-id"] == received.event["event_id"]


@pytest.fixture
def shop() -> Shop:
    return make_shop()


def attempted(count: int = 1) -> bool:
    return Attempt.objects.count() >= count


def tell(shop: Shop, receiver, **fields) -> Webhook:
    """A webhook of the receiver, and an event on its way to it."""
    webhook, _ = create_webhook(shop, url=receiver.url(), **fields)
    record_fact(shop)
    return webhook


def wait_of(delivery: Delivery) -> float:
    return (delivery.next_attempt_at - timezone.now()).total_seconds()


def test_a_failure_is_kept_whole_and_tried_again_later(shop, receiver):
    receiver.respond = lambda _: web.Response(
        status=503, text="too busy\x00", headers={"X-Why": "lunch", "Retry-After": "3600"}
    )
    tell(shop, receiver)

    work_until(attempted)

    delivery, attempt = Delivery.objects.get(), Attempt.objects.get()
    assert (delivery.state, delivery.attempts, delivery.last_status) == ("pending", 1, 503)
    assert 3500 < wait_of(delivery) <= 3600
    assert (attempt.status, attempt.is_success, attempt.error) == (503, False, "")
    assert attempt.response_body == "too busy\ufffd"
    assert attempt.response_headers["x-why"] == "lunch"
    assert attempt.next_attempt_at == delivery.next_attempt_at
    assert Webhook.objects.get().failing_since is not None


def test_it_succeeds_when_it_is_tried_again_and_the_bytes_are_the_same(shop, receiver):
    answers = iter([web.Response(status=500), web.Response(status=204)])
    receiver.respond = lambda _: next(answers)
    tell(shop, receiver)
    work_until(attempted)
    Delivery.objects.update(next_attempt_at=timezone.now())

    work_until(lambda: all_are(DeliveryState.SUCCEEDED, 1))

    first, second = receiver.received
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert [attempt.number for attempt in Attempt.objects.all()] == [1, 2]
    assert Webhook.objects.get().failing_since is None


def test_after_the_last_retry_it_is_given_up(shop, receiver):
    receiver.respond = lambda _: web.Response(status=400)
    tell(shop, receiver)
    dispatch()
    Delivery.objects.update(retries=9, attempts=9)

    work_until(lambda: all_are(DeliveryState.FAILED, 1))

    delivery = Delivery.objects.get()
    assert (delivery.attempts, delivery.next_attempt_at) == (10, None)
    assert delivery.finished_at is not None


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_a_failure_and_is_not_followed(shop, receiver, status):
    receiver.respond = lambda _: web.Response(
        status=status, headers={"Location": receiver.url("/elsewhere")}
    )
    tell(shop, receiver)

    work_until(attempted)

    assert [received.path for received in receiver.received] == ["/hook"]
    assert Delivery.objects.get().last_status == status


def test_gone_switches_the_webhook_off_and_holds_what_waits(shop, receiver):
    receiver.respond = lambda _: web.Response(status=410)
    tell(shop, receiver)

    work_until(attempted)

    webhook = Webhook.objects.get()
    assert (webhook.status, webhook.disabled_reason) == ("inactive", "gone")
    assert Delivery.objects.get().state == DeliveryState.HELD


def test_five_days_without_one_success_switch_it_off(shop, receiver):
    receiver.respond = lambda _: web.Response(status=500)
    webhook = tell(shop, receiver)
    for since, status in ((timedelta(days=4, hours=23), "active"), (timedelta(days=5), "inactive")):
        Webhook.objects.update(failing_since=timezone.now() - since)
        count = Attempt.objects.count()
        Delivery.objects.update(next_attempt_at=timezone.now())
        work_until(lambda count=count: attempted(count + 1))
        webhook.refresh_from_db()
        assert webhook.status == status
    assert webhook.disabled_reason == "failing"


def test_paused_it_waits_and_active_again_it_goes_on(shop, receiver):
    webhook = tell(shop, receiver)
    dispatch()
    update_webhook(webhook, status="inactive")
    assert Delivery.objects.get().state == DeliveryState.HELD
    record_fact(shop)
    dispatch()

    update_webhook(webhook, status="active")
    work_until(lambda: all_are(DeliveryState.SUCCEEDED, 1))

    assert len(receiver.received) == 1


def test_no_more_than_4_kib_of_a_response_are_read(shop, receiver):
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b"ab" * 4096)
        except ConnectionError:
            return response

    receiver.respond = lambda _: endless
    tell(shop, receiver)

    work_until(lambda: all_are(DeliveryState.SUCCEEDED, 1))

    assert Attempt.objects.get().response_body == "ab" * 2048


def test_an_endpoint_that_is_not_there_is_a_failure_that_says_so(shop, receiver):
    tell(shop, receiver)
    Webhook.objects.update(url="http://127.0.0.1:1/")

    work_until(attempted)

    attempt = Attempt.objects.get()
    assert attempt.status is None
    assert "127.0.0.1" in attempt.error


def test_a_name_that_leads_elsewhere_later_is_not_followed_there(shop, receiver, settings):
    tell(shop, receiver)
    Webhook.objects.update(url=f"http://localhost:{receiver.port}/hook")
    settings.WEBHOOK_ALLOWED_NETWORKS = []

    work_until(attempted)

    assert receiver.received == []
    assert "may not be reached" in Attempt.objects.get().error


@pytest.mark.parametrize("host", ["127.0.0.1", "[::ffff:127.0.0.1]"])
def test_an_address_itself_is_looked_at_too_when_it_is_connected(shop, receiver, settings, host):
    tell(shop, receiver)
    Webhook.objects.update(url=f"https://{host}:{receiver.port}/hook")
    settings.WEBHOOK_ALLOWED_NETWORKS = []

    work_until(attempted)

    assert receiver.received == []
    assert "is not public" in Attempt.objects.get().error


def test_a_certificate_nobody_vouches_for_is_refused(shop, receiver):
    tell(shop, receiver)
    Webhook.objects.update(url=f"https://127.0.0.1:{receiver.port}/hook")

    work_until(attempted)

    assert receiver.received == []
    assert "SSL" in Attempt.objects.get().error.upper()


def test_during_a_rotation_both_secrets_sign(shop, receiver):
    webhook, old = create_webhook(shop, url=receiver.url())
    _, new = rotate_secret(webhook)
    record_fact(shop)
    work_until(lambda: all_are(DeliveryState.SUCCEEDED, 1))
    Webhook.objects.update(previous_secret_until=timezone.now())
    record_fact(shop)

    work_until(lambda: all_are(DeliveryState.SUCCEEDED, 2))

    both, one = receiver.received
    check_signatures(both, new, old)
    check_signatures(one, new)
    assert {old, new}.isdisjoint(Webhook.objects.values_list("secret", "previous_secret")[0])


def test_connections_are_used_again_and_bounded(shop, receiver):
    create_webhook(shop, url=receiver.url())
    for _ in range(200):
        record_fact(shop)

    work_until(lambda: all_are(DeliveryState.SUCCEEDED, 200))

    assert len(receiver.received) == 200
    assert len(receiver.connections) <= IN_FLIGHT


def test_the_breaker_opens_after_five_failures_and_closes_with_one_success(shop, receiver):
    receiver.respond = lambda _: web.Response(status=500)
    create_webhook(shop, url=receiver.url())
    for _ in range(60):
        record_fact(shop)

    work_until(lambda: Webhook.objects.filter(resting_until__gt=timezone.now()).exists())

    tried = len(receiver.received)
    assert 5 <= tried <= 5 + IN_FLIGHT
    assert claim(room={}, elsewhere=100) == []
    receiver.respond = lambda _: web.Response(status=200)
    Webhook.objects.update(resting_until=timezone.now())
    Delivery.objects.update(next_attempt_at=timezone.now())
    work_until(lambda: all_are(DeliveryState.SUCCEEDED, 60))
    webhook = Webhook.objects.get()
    assert (webhook.rests, webhook.resting_until, webhook.failing_since) == (0, None, None)


def test_a_silent_endpoint_holds_up_no_other_one(shop, receiver):
    is_over = []

    async def never(_request: web.Request) -> web.Response:
        while not is_over:
            await asyncio.sleep(0.01)
        return web.Response()

    receiver.respond = lambda received: never if received.path == "/never" else web.Response()
    create_webhook(shop, url=receiver.url("/never"))
    healthy, _ = create_webhook(shop, url=receiver.url("/ok"))
    for _ in range(100):
        record_fact(shop)
    arrived = Delivery.objects.filter(webhook=healthy, state=DeliveryState.SUCCEEDED)
    silent = Delivery.objects.exclude(webhook=healthy)

    def all_arrived() -> bool:
        if arrived.count() < 100:
            return False
        assert silent.filter(attempts=0, leased_until__isnull=False).count() >= FEWEST_IN_FLIGHT
        is_over.append(True)
        return True

    work_until(all_arrived)


def test_two_workers_never_take_the_same_delivery(shop):
    webhooks = [create_webhook(shop, url="https://203.0.114.1/")[0] for _ in range(3)]
    for _ in range(50):
        record_fact(shop)
    dispatch()

    def take(_number: int) -> list:
        try:
            return [one.id for _ in range(20) for one in claim(room={}, elsewhere=3)]
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        taken = [one for share in pool.map(take, range(6)) for one in share]

    assert len(taken) == len(set(taken)) == 50 * len(webhooks)


def test_what_a_dead_worker_had_is_due_again_when_its_lease_ends(shop, receiver):
    tell(shop, receiver)
    dispatch()
    assert len(claim(room={}, elsewhere=1)) == 1
    assert claim(room={}, elsewhere=1) == []

    Delivery.objects.update(leased_until=timezone.now())
    work_until(lambda: all_are(DeliveryState.SUCCEEDED, 1))

    assert len(receiver.received) == 1


def test_what_is_sent_again_has_the_same_bytes_and_a_new_signature(shop, receiver):
    tell(shop, receiver)
    work_until(lambda: all_are(DeliveryState.SUCCEEDED, 1))

    resend(Delivery.objects.get())
    work_until(lambda: all_are(DeliveryState.SUCCEEDED, 1) and attempted(2))

    first, second = receiver.received
    assert first.body == second.body
    assert Delivery.objects.get().attempts == 2


def test_a_webhook_deleted_while_something_is_in_flight_leaves_nothing(shop, receiver):
    webhook = tell(shop, receiver)

    def delete_meanwhile(_received: Received) -> web.Response:
        try:
            delete_webhook(webhook)
        finally:
            connection.close()
        return web.Response()

    receiver.respond = lambda received: delete_meanwhile_in_thread(delete_meanwhile, received)
    work_until(lambda: not Webhook.objects.exists())

    assert not Attempt.objects.exists()
    assert not Delivery.objects.exists()


def delete_meanwhile_in_thread(delete, received):
    async def answer(_request: web.Request) -> web.Response:
        return await asyncio.to_thread(delete, received)

    return answer


def test_a_database_that_cuts_all_connections_delays_and_loses_nothing(shop, receiver):
    create_webhook(shop, url=receiver.url())
    for _ in range(300):
        record_fact(shop)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [own] = cursor.fetchone()
    cuts = [0]

    def answer_some(_: Received) -> Callable[[web.Request], Awaitable[web.Response]]:
        """A hundred before each cut: else all are there before the first."""
        place = len(receiver.received)

        async def answer(request: web.Request) -> web.Response:
            while len(cuts) <= 3 and place > 100 * len(cuts):
                await asyncio.sleep(0.01)
            return web.Response(text="thanks")

        return answer

    def is_so() -> bool:
        count = Delivery.objects.filter(state=DeliveryState.SUCCEEDED).count()
        if count > cuts[-1] and len(cuts) <= 3:
            cuts.append(count)
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database()"
                    " AND pid NOT IN (pg_backend_pid(), %s)",
                    [own],
                )
        return count == 300

    receiver.respond = answer_some
    work_until(is_so)

    received = [one.event["event_id"] for one in receiver.received]
    assert len(cuts) == 4
    assert len(set(received)) == 300
