"""Queues and failures are visible, and mended by actions that ask first."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from analytics.models import Mark, RolledUp
from analytics.questions import Period
from analytics.recompute import differences
from analytics.refresh import refresh
from common import heartbeats
from common.heartbeats import SENDER, WORKER, note_alive
from events.models import Event
from jobs.models import Job, JobState
from jobs.services import start_job
from notices.models import Audience, Mail, MailState
from notices.services import send_test_mail
from portal.operation import counting
from portal.operation.watches import WATCHES
from shipments.feeds.carriers.connections import connect_carrier
from shipments.feeds.carriers.connectors import CONNECTORS
from shipments.feeds.models import CarrierConnection
from shops.models import Shop
from tests.admin.pages import act, messages_of
from tests.factories import make_shop, place
from tests.portal.pages import text_of
from webhooks.models import Delivery, DeliveryState, Webhook, WebhookStatus
from webhooks.samples import send_test
from webhooks.services import create_webhook, update_webhook

pytestmark = pytest.mark.django_db

PAGE = "/admin/operation/"
LONG_AGO = timedelta(hours=2)


def failing(shop: Shop, state: DeliveryState = DeliveryState.PENDING, **fields) -> Delivery:
    webhook, _ = create_webhook(shop, url="https://203.0.114.1/hook")
    delivery = send_test(webhook, "orders/placed")
    Delivery.objects.filter(id=delivery.id).update(state=state, **fields)
    return Delivery.objects.get(id=delivery.id)


def mail_of(shop: Shop, state: MailState, **fields) -> Mail:
    said = {"audience": Audience.STAFF, "group": "order_placed", "language": "en"}
    mail = send_test_mail(shop, **said, recipient="a@shop.example")
    Mail.objects.filter(id=mail.id).update(state=state, **fields)
    return Mail.objects.get(id=mail.id)


def job_of(shop: Shop, state: JobState, **fields) -> Job:
    job = start_job(shop, kind="cancel_orders", asked={"ids": []})
    ended = None if state == JobState.RUNNING else timezone.now()
    Job.objects.filter(id=job.id).update(state=state, ended_at=ended, **fields)
    return Job.objects.get(id=job.id)


def test_a_quiet_place_says_so(staff):
    make_shop()

    page = text_of(staff.get(PAGE))

    assert "Nothing waits that should not, and nothing has failed." in page


def test_what_waits_stands_there_with_its_shop(staff):
    shop = make_shop(name="The slow one")
    then = timezone.now() - LONG_AGO
    refresh(shop)  # as the worker did once
    place(shop)
    failing(shop, next_attempt_at=then, attempts=2)
    failing(shop, DeliveryState.FAILED)
    failing(shop, DeliveryState.HELD)
    Webhook.objects.of(shop).update(failing_since=then)
    mail_of(shop, MailState.WAITING, next_attempt_at=then)
    mail_of(shop, MailState.FAILED)
    mail_of(shop, MailState.UNSURE)
    job_of(shop, JobState.RUNNING, updated_at=then)
    job_of(shop, JobState.BROKEN)
    connection_ = connect_carrier(shop, CONNECTORS["dhl"], {"consumer_key": "k"})
    CarrierConnection.objects.filter(id=connection_.id).update(failures=3)

    answer = staff.get(PAGE)

    titles = {one.watch.title for one in answer.context["waiting"]}
    missing = {watch.title for watch in WATCHES} - titles
    assert missing == {"Answers to claims that wait"}
    assert all(one.shops[0].shop == "The slow one" for one in answer.context["waiting"])
    _, _, main = answer.content.decode().partition('id="content-main"')
    links = re.findall(r'<td><a href="([^"]+)"', main)
    assert len(links) == len(titles)
    for link in links:
        page = staff.get(link.replace("&amp;", "&"))
        assert page.status_code == 200
        if "/change/" not in link:
            assert len(page.context["cl"].result_list) > 0, link


def test_no_more_is_counted_than_is_worth_knowing(staff, monkeypatch):
    monkeypatch.setattr(counting, "MOST", 2)
    shop = make_shop()
    for _number in range(4):
        mail_of(shop, MailState.FAILED)

    assert f"{shop.name} 2+" in text_of(staff.get(PAGE))


def test_the_page_costs_a_statement_for_each_watch_however_many_shops(staff):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            staff.get(PAGE)
        return len(queries)

    mail_of(make_shop(), MailState.FAILED)
    staff.get(PAGE)
    few = cost()
    for _number in range(5):
        mail_of(make_shop(), MailState.FAILED)

    assert cost() == few
    assert few <= len(WATCHES) + 6


def test_a_worker_that_is_silent_is_seen(staff, monkeypatch):
    cache.clear()
    assert "Beat and worker: not heard of yet." in text_of(staff.get(PAGE))

    note_alive(WORKER)
    note_alive(SENDER)
    said = text_of(staff.get(PAGE))
    assert "Beat and worker: last heard of now" in said
    assert "The sender of webhooks and mails: last heard of now" in said
    assert "look at its logs" not in said

    monkeypatch.setattr(heartbeats, "LATE_AFTER", -1)
    assert "look at its logs" in text_of(staff.get(PAGE))


def test_it_is_for_staff_and_shows_what_they_may_see(staff_who_may, client):
    mail_of(make_shop(), MailState.FAILED)

    assert client.get(PAGE).status_code == 302
    assert "Mails that failed" not in text_of(staff_who_may().get(PAGE))
    assert "Mails that failed" in text_of(staff_who_may("notices.view_mail").get(PAGE))


def test_events_are_relayed_by_hand(staff):
    shop = make_shop()
    create_webhook(shop, url="https://203.0.114.1/hook")
    place(shop)

    response = act(staff, [shop], "relay_events")

    assert messages_of(response) == [f"{shop}: 1 events relayed"]
    assert not Event.objects.filter(is_relayed=False).exists()
    assert Delivery.objects.of(shop).exists()


def test_a_webhook_is_resumed_and_what_was_on_hold_goes_on(staff):
    shop = make_shop()
    delivery = failing(shop)
    webhook = Webhook.objects.of(shop).get()
    update_webhook(webhook, status=WebhookStatus.INACTIVE)

    act(staff, [webhook], "resume")

    assert Webhook.objects.get().is_active
    assert Delivery.objects.get(id=delivery.id).state == DeliveryState.PENDING
    assert LogEntry.objects.get().change_message == "Resumed: active"


def test_what_waits_is_tried_now(staff):
    shop = make_shop()
    later = timezone.now() + LONG_AGO
    delivery = failing(shop, next_attempt_at=later, attempts=2)
    webhook = Webhook.objects.of(shop).get()
    Webhook.objects.update(rests=3, resting_until=later)

    response = act(staff, [webhook], "retry_now")

    assert messages_of(response) == [f"{webhook}: 1 delivery due now"]
    assert Delivery.objects.get(id=delivery.id).next_attempt_at <= timezone.now()
    assert Webhook.objects.get().resting_until is None


def test_what_was_given_up_is_sent_again(staff):
    shop = make_shop()
    delivery = failing(shop, DeliveryState.FAILED, finished_at=timezone.now(), retries=9)

    act(staff, [Webhook.objects.get()], "resend_failed")

    again = Delivery.objects.get(id=delivery.id)
    assert (again.state, again.retries, again.finished_at) == (DeliveryState.PENDING, 0, None)


@pytest.mark.parametrize("action", ["retry_now", "resend_failed"])
def test_an_inactive_webhook_is_resumed_first(staff, action):
    shop = make_shop()
    failing(shop)
    webhook = Webhook.objects.get()
    update_webhook(webhook, status=WebhookStatus.INACTIVE)

    response = act(staff, [webhook], action)

    assert "resume it first" in messages_of(response)[0]


@pytest.mark.parametrize("state", [DeliveryState.PENDING, DeliveryState.HELD])
def test_what_waits_is_given_up(staff, state):
    delivery = failing(make_shop(), state)

    act(staff, [Webhook.objects.get()], "give_up_waiting")

    assert Delivery.objects.get(id=delivery.id).state == DeliveryState.FAILED


def test_one_delivery_is_sent_now_or_given_up(staff):
    delivery = failing(make_shop(), DeliveryState.FAILED)

    act(staff, [delivery], "send_now")
    assert Delivery.objects.get().state == DeliveryState.PENDING

    act(staff, [delivery], "give_up")
    assert Delivery.objects.get().state == DeliveryState.FAILED

    response = act(staff, [delivery], "give_up")
    assert messages_of(response) == [f"{delivery}: it was over already"]


def test_another_webhooks_deliveries_are_left_alone(staff):
    delivery, other = failing(make_shop()), failing(make_shop())

    act(staff, [Webhook.objects.get(id=delivery.webhook_id)], "give_up_waiting")

    assert Delivery.objects.get(id=other.id).state == DeliveryState.PENDING


def test_mails_are_sent_again_or_given_up(staff):
    shop = make_shop()
    failed, waiting = mail_of(shop, MailState.FAILED), mail_of(shop, MailState.WAITING)
    sent = mail_of(shop, MailState.SENT)

    response = act(staff, [failed, waiting, sent], "send_again")

    assert Mail.objects.get(id=failed.id).state == MailState.WAITING
    assert any("Only a mail that failed" in said for said in messages_of(response))
    act(staff, [waiting], "give_up")
    assert Mail.objects.get(id=waiting.id).state == MailState.FAILED
    assert Mail.objects.get(id=sent.id).state == MailState.SENT


def test_a_mail_in_a_workers_hands_is_left_to_it(staff):
    until = timezone.now() + timedelta(minutes=5)
    mail = mail_of(make_shop(), MailState.WAITING, leased_until=until)

    response = act(staff, [mail], "give_up")

    assert "it does not wait" in messages_of(response)[0]
    assert Mail.objects.get().state == MailState.WAITING


def test_a_job_that_broke_off_goes_on_where_it_was(staff):
    job = job_of(make_shop(), JobState.BROKEN, place="7", trouble="ValueError: x")
    ended = job_of(make_shop(), JobState.DONE)

    response = act(staff, [job, ended], "resume")

    again = Job.objects.get(id=job.id)
    assert (again.state, again.place, again.trouble) == (JobState.RUNNING, "7", "")
    assert any("it has ended" in said for said in messages_of(response))
    assert Job.objects.get(id=ended.id).state == JobState.DONE


def test_a_carrier_is_asked_again(staff):
    shop = make_shop()
    made = connect_carrier(shop, CONNECTORS["dhl"], {"consumer_key": "k"})
    CarrierConnection.objects.update(failures=3, blocked_until=timezone.now() + LONG_AGO)

    act(staff, [made], "ask_again")

    again = CarrierConnection.objects.get()
    assert (again.failures, again.blocked_until) == (0, None)


def test_a_day_of_numbers_is_worked_out_again(staff):
    shop = make_shop()
    order = place(shop)
    refresh(shop)
    day = timezone.localtime(order.order_placed_at).date()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM analytics_orderday")
    assert list(differences(shop, [Period(day, day)]))

    response = staff.post(
        f"/admin/analytics/rolledup/{RolledUp.objects.get().pk}/day/",
        {"day": day.isoformat()},
        follow=True,
    )

    assert "worked out again" in messages_of(response)[0]
    assert not list(differences(shop, [Period(day, day)]))


def test_all_days_are_worked_out_again_by_the_worker(staff):
    shop = make_shop()
    place(shop)
    refresh(shop)
    assert not Mark.objects.of(shop).exists()

    act(staff, [RolledUp.objects.get()], "rebuild_all")
    assert Mark.objects.of(shop).exists()

    response = act(staff, [RolledUp.objects.get()], "refresh_now")
    assert "day worked out" in messages_of(response)[0]
    assert not Mark.objects.of(shop).exists()


@pytest.mark.parametrize(
    ("may", "seen"), [("webhooks.view_webhook", False), ("webhooks.change_webhook", True)]
)
def test_who_may_only_look_mends_nothing(staff_who_may, may, seen):
    failing(make_shop())
    client = staff_who_may("webhooks.view_webhook", may)

    page = client.get("/admin/webhooks/webhook/").content.decode()
    act(client, [Webhook.objects.get()], "give_up_waiting")

    assert ("Give up what waits" in page) is seen
    assert (Delivery.objects.get().state == DeliveryState.FAILED) is seen


def test_nothing_is_done_before_it_was_asked(staff):
    failing(make_shop())
    webhook = Webhook.objects.get()

    page = staff.post(
        "/admin/webhooks/webhook/",
        {"action": "give_up_waiting", "_selected_action": str(webhook.pk)},
    )

    assert "Yes, go on" in page.content.decode()
    assert Delivery.objects.get().state == DeliveryState.PENDING
