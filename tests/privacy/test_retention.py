"""What is kept too long is forgotten: to the second, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from claims.models import ClaimStatus
from engagement.models import ActionKind, PageAction
from intake.models import IdempotentRequest
from notices.models import Audience, Mail, MailState
from orders.models import Order
from orders.services import cancel_order
from portal.privacy.retention import keep_retentions
from portal.sheets.models import ImportedRow, OrderImport
from privacy.models import Forgotten, Retention
from privacy.retention import months_before
from shipments.models import Shipment
from shops.models import Role
from tests.factories import fulfil, make_claim, make_shop, place
from tests.portal.pages import member_client, text_of
from tests.webhooks.facts import record_attempt
from webhooks.models import Attempt, Delivery, DeliveryState, Message
from webhooks.services import create_webhook

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def shop():
    return make_shop()


def keep(shop, **lengths):
    Retention.objects.create(shop=shop, **lengths)
    assert not keep_retentions(seconds=30)


def finished(shop, at, **order):
    """Sent, and last heard of at that time."""
    placed = place(shop, email_id="jane@example.com", **order)
    fulfil(shop, placed, "T1")
    return touched(placed, at)


def touched(order, at):
    Order.objects.filter(id=order.id).update(updated_at=at, order_placed_at=at)
    Shipment.objects.filter(order=order).update(updated_at=at)
    return order


def is_erased(order):
    order.refresh_from_db()
    return order.erased_at is not None and order.email_id == ""


@pytest.mark.parametrize(
    ("now", "months", "then"),
    [
        ((2026, 7, 31), 1, (2026, 6, 30)),
        ((2026, 3, 31), 1, (2026, 2, 28)),
        ((2028, 3, 31), 1, (2028, 2, 29)),
        ((2026, 1, 15), 1, (2025, 12, 15)),
        ((2026, 12, 31), 12, (2025, 12, 31)),
        ((2026, 7, 1), 240, (2006, 7, 1)),
    ],
)
def test_months_are_those_of_the_calendar(now, months, then):
    assert months_before(datetime(*now, 9, 30, tzinfo=UTC), months) == datetime(
        *then, 9, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(("after", "erased"), [(-A_SECOND, True), (timedelta(), False)])
def test_the_customer_of_a_finished_order_is_erased_to_the_second(shop, after, erased):
    order = finished(shop, datetime(2026, 4, 30, 12, tzinfo=UTC) + after)

    keep(shop, order_months=3)

    assert is_erased(order) is erased
    counted = Forgotten.objects.filter(what="order_months", count=1, day=NOW.date())
    assert counted.exists() is erased


def test_without_a_setting_nobody_is_erased(shop):
    order = finished(shop, NOW - timedelta(days=4000))

    keep(shop)

    assert not is_erased(order)


def test_what_happened_since_to_parcel_or_claim_keeps_the_customer(shop):
    old = NOW - timedelta(days=400)
    scanned, claimed, waiting = (finished(shop, old) for _ in range(3))
    decided = finished(shop, old)
    Shipment.objects.filter(order=scanned).update(updated_at=NOW - timedelta(days=1))
    for order, at, status in (
        (claimed, NOW - timedelta(days=1), ClaimStatus.CLOSED),
        (waiting, old, ClaimStatus.PENDING),
        (decided, old, ClaimStatus.CLOSED),
    ):
        claim = make_claim(order)
        type(claim).objects.filter(id=claim.id).update(status=status, updated_at=at, decided_at=at)
        touched(order, old)

    keep(shop, order_months=3)

    assert [is_erased(order) for order in (scanned, claimed, waiting, decided)] == [
        *[False] * 3,
        True,
    ]


def test_cancelled_orders_are_finished_and_unsent_ones_are_not(shop):
    cancelled, unsent = place(shop), place(shop)
    cancel_order(cancelled)
    for order in (cancelled, unsent):
        touched(order, NOW - timedelta(days=400))

    keep(shop, order_months=3)

    assert is_erased(cancelled)
    assert not is_erased(unsent)


def test_many_are_erased_in_batches_and_other_shops_are_left_alone(shop, monkeypatch):
    monkeypatch.setattr("portal.privacy.retention.AT_ONCE", 2)
    old = NOW - timedelta(days=400)
    mine = [finished(shop, old) for _ in range(5)]
    foreign = finished(make_shop(), old)

    Retention.objects.create(shop=shop, order_months=3)
    assert keep_retentions(seconds=0)
    assert sum(is_erased(order) for order in mine) == 2
    assert not keep_retentions(seconds=30)

    assert all(is_erased(order) for order in mine)
    assert not is_erased(foreign)
    assert Forgotten.objects.get().count == 5


def make_mail(shop, at):
    mail = Mail.objects.create(
        shop=shop,
        audience=Audience.CUSTOMERS,
        event_group="order_placed",
        about_id=shop.id,
        recipient="a@b.example",
        state=MailState.SENT,
        text="Hello",
        html="<p>Hello",
    )
    Mail.objects.filter(id=mail.id).update(created_at=at)


def make_action(shop, at):
    PageAction.objects.create(shop=shop, order=place(shop), kind=ActionKind.OPENED)
    PageAction.objects.update(last_at=at)


def make_answer(shop, at):
    IdempotentRequest.objects.create(shop=shop, key="k", digest="d", content="{}")
    IdempotentRequest.objects.update(created_at=at)


def make_import(shop, at):
    file = OrderImport.objects.create(
        shop=shop, file_name="a.csv", actor="a", headings=["a"], columns=[""], total=1
    )
    ImportedRow.objects.create(shop=shop, order_import=file, number=2, cells=["x"])
    OrderImport.objects.update(created_at=at)


def make_delivery(shop, at):
    webhook, _ = create_webhook(shop, url="https://203.0.114.1/hook")
    message = Message.objects.create(
        shop=shop,
        position=1,
        ref="orders/placed",
        event_group="order_placed",
        body="{}",
        triggered_at=at,
    )
    delivery = Delivery.objects.create(
        shop=shop,
        webhook=webhook,
        message=message,
        position=1,
        state=DeliveryState.SUCCEEDED,
        finished_at=at,
    )
    record_attempt(delivery)
    for model in (Message, Delivery, Attempt):
        model.objects.update(created_at=at)


@pytest.mark.parametrize(("after", "left"), [(-A_SECOND, 0), (timedelta(), 1)])
@pytest.mark.parametrize(
    ("setting", "length", "age", "make", "count"),
    [
        ("mail_days", 5, timedelta(days=5), make_mail, Mail.objects.exclude(text="").count),
        ("page_action_days", 30, timedelta(days=30), make_action, PageAction.objects.count),
        ("answer_hours", 2, timedelta(hours=2), make_answer, IdempotentRequest.objects.count),
        ("import_days", 3, timedelta(days=3), make_import, ImportedRow.objects.count),
        ("import_days", 3, timedelta(days=3), make_import, OrderImport.objects.count),
        ("webhook_days", 7, timedelta(days=7), make_delivery, Message.objects.count),
        ("webhook_days", 7, timedelta(days=7), make_delivery, Attempt.objects.count),
    ],
)
def test_each_is_kept_as_long_as_the_shop_says(
    shop, setting, length, age, make, count, after, left
):
    make(shop, NOW - age + after)
    assert count() == 1

    keep(shop, **{setting: length})

    assert count() == left
    assert Forgotten.objects.filter(what=setting).exists() is (left == 0)


def test_a_delivery_that_waits_is_kept_with_its_message(shop):
    make_delivery(shop, NOW - timedelta(days=20))
    Delivery.objects.update(state=DeliveryState.PENDING, finished_at=None)

    keep(shop, webhook_days=7)

    assert (Message.objects.count(), Delivery.objects.count()) == (1, 1)


def test_settings_are_shown_with_what_they_would_forget_before_they_hold(shop):
    finished(shop, NOW - timedelta(days=400))
    admin, at = member_client(shop, Role.ADMIN), f"/shops/{shop.slug}/retention"
    said = {
        "order_months": "12",
        "mail_days": "7",
        "webhook_days": "30",
        "answer_hours": "24",
        "import_days": "30",
    }

    preview = admin.post(at, said)

    assert not Retention.objects.exists()
    assert "Customers of finished orders" in text_of(preview)
    assert {old.what: old.count for old in preview.context["old"]}["order_months"] == 1
    admin.post(at, {**said, "confirmed": "on"})
    kept = Retention.objects.get()
    assert (kept.order_months, kept.page_action_days, kept.mail_days) == (12, None, 7)
    assert 'value="12"' in admin.get(at).content.decode()


@pytest.mark.parametrize(
    ("setting", "length"),
    [("order_months", "2"), ("mail_days", "31"), ("mail_days", ""), ("answer_hours", "x")],
)
def test_lengths_out_of_bounds_are_refused(shop, setting, length):
    said = {"mail_days": "7", "webhook_days": "7", "answer_hours": "2", "import_days": "7"}
    admin = member_client(shop, Role.ADMIN)

    answer = admin.post(
        f"/shops/{shop.slug}/retention", {**said, setting: length, "confirmed": "on"}
    )

    assert answer.status_code == 422
    assert not Retention.objects.exists()
