"""What beat does: forgetting what is old, and telling admins of what was switched off."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from shops.models import Role, Shop
from tests.factories import make_member, make_shop
from tests.webhooks.facts import record_attempt, record_fact
from webhooks.dispatch import dispatch
from webhooks.health import disable
from webhooks.inbox import INBOX
from webhooks.models import (
    Attempt,
    Delivery,
    DisabledReason,
    Message,
    Replay,
    ReplayState,
    Webhook,
)
from webhooks.notices import disabled_webhooks, tell_of_disabled_webhooks
from webhooks.retention import forget_old_deliveries
from webhooks.services import create_webhook, update_webhook

pytestmark = pytest.mark.django_db

OLD = timedelta(days=30, hours=1)


@pytest.fixture
def shop() -> Shop:
    return make_shop()


@pytest.fixture
def webhook(shop) -> Webhook:
    return create_webhook(shop, url="https://203.0.114.1/hook")[0]


def test_after_30_days_deliveries_and_messages_are_forgotten(shop, webhook):
    for _ in range(3):
        record_fact(shop)
    dispatch()
    done, waiting, new = Delivery.objects.order_by("position")
    for delivery, state in ((done, "succeeded"), (waiting, "pending")):
        Delivery.objects.filter(id=delivery.id).update(
            state=state, created_at=timezone.now() - OLD, finished_at=timezone.now() - OLD
        )
    Message.objects.update(created_at=timezone.now() - OLD)

    forget_old_deliveries()

    assert set(Delivery.objects.all()) == {waiting, new}
    assert set(Message.objects.values_list("id", flat=True)) == {
        waiting.message_id,
        new.message_id,
    }


def test_after_3_days_what_came_to_the_test_inbox_is_forgotten(shop, webhook):
    create_webhook(shop, url=INBOX)
    record_fact(shop)
    dispatch()
    old = timezone.now() - timedelta(days=3, hours=1)
    for delivery in Delivery.objects.all():
        record_attempt(delivery)
    Attempt.objects.update(created_at=old)
    Delivery.objects.update(state="succeeded", created_at=old, finished_at=old)

    forget_old_deliveries()

    assert set(Attempt.objects.values_list("webhook_id", flat=True)) == {webhook.id}
    assert set(Delivery.objects.values_list("webhook_id", flat=True)) == {webhook.id}


def test_replays_that_ended_are_forgotten_after_30_days_and_running_ones_are_not(shop, webhook):
    window = {"start": timezone.now() - timedelta(days=60), "end": timezone.now()}
    for finished_at in (timezone.now() - OLD, timezone.now() - timedelta(days=29), None):
        Replay.objects.create(
            shop=shop,
            webhook=webhook,
            state=ReplayState.DONE if finished_at else ReplayState.RUNNING,
            finished_at=finished_at,
            **window,
        )
    Replay.objects.update(created_at=timezone.now() - 2 * OLD)

    forget_old_deliveries()

    assert set(Replay.objects.values_list("state", flat=True)) == {"running", "done"}
    assert Replay.objects.count() == 2


def test_admins_are_told_once_that_a_webhook_was_switched_off(shop, webhook):
    admins = [make_member(shop, Role.ADMIN) for _ in range(2)]
    make_member(shop, Role.EDITOR)
    make_member(make_shop(), Role.ADMIN)
    make_member(shop, Role.ADMIN, is_active=False)
    disable(webhook, DisabledReason.FAILING)

    assert tell_of_disabled_webhooks() == 1
    assert tell_of_disabled_webhooks() == 0

    assert sorted(to for sent in mail.outbox for to in sent.to) == sorted(a.email for a in admins)
    assert f"/shops/{shop.slug}/webhooks/{webhook.id}" in mail.outbox[0].body
    assert "Five days without one success" in mail.outbox[0].body


def test_they_are_told_in_the_shops_language_and_time(shop, webhook):
    Shop.objects.update(language="de", timezone="Europe/Berlin")
    make_member(shop, Role.ADMIN)
    disable(webhook, DisabledReason.GONE)

    tell_of_disabled_webhooks()

    assert mail.outbox[0].subject == f"{shop.name}: Ein Webhook wurde ausgeschaltet"
    assert "Warum: Die Adresse antwortete mit 410 Gone." in mail.outbox[0].body
    since = r"Seit: \w\w\., \d+\. \w+\.? \d{4}, \d\d:\d\d CES?T\."
    assert re.search(since, mail.outbox[0].body)


def test_a_mail_server_that_is_away_is_tried_again(shop, webhook, settings):
    make_member(shop, Role.ADMIN)
    disable(webhook, DisabledReason.GONE)
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 1, False

    assert tell_of_disabled_webhooks() == 0
    settings.EMAIL_BACKEND = working
    assert tell_of_disabled_webhooks() == 1


def test_what_a_person_paused_or_mended_is_no_news(shop, webhook):
    make_member(shop, Role.ADMIN)
    update_webhook(webhook, status="inactive")
    assert tell_of_disabled_webhooks() == 0
    update_webhook(webhook, status="active")
    webhook.refresh_from_db()
    disable(webhook, DisabledReason.GONE)
    assert disabled_webhooks(shop).count() == 1

    update_webhook(webhook, status="active")

    assert disabled_webhooks(shop).count() == 0
    assert tell_of_disabled_webhooks() == 0
