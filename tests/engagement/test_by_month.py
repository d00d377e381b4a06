"""What is done on orders' pages lies in pieces by the month of the order."""

from uuid import UUID

import pytest
from django.db import connection
from django.db.utils import IntegrityError
from django.utils import timezone

from analytics.models import Mark
from analytics.refresh import refresh
from analytics.self_check import clean_days
from common.partitions import cut, kept_from
from engagement.actions import record_action
from engagement.models import ActionKind, PageAction
from engagement.retention import PAGE_ACTIONS, cut_page_actions
from orders.models import Order
from shops.models import Shop
from tests.factories import make_shop, place
from tests.months import month

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return make_shop()


def forget_all_there_was() -> None:
    """As in eight months, if four are kept."""
    connection.check_constraints()
    cut(PAGE_ACTIONS, now=month(8), kept_since=month(4))


def pieces() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM engagement_pageaction")
        return {name for (name,) in cursor.fetchall()}


def marks_made_by(shop: Shop, act) -> int:
    Mark.objects.filter(shop=shop).delete()
    act()
    return Mark.objects.filter(shop=shop).count()


def check_that_days_are_marked(shop: Shop, order: Order, piece: str) -> None:
    """Whatever is done to an action in this piece marks the day of its order."""
    rows = PageAction.objects.of(shop).filter(order_id=order.id)
    assert marks_made_by(shop, lambda: record_action(shop, order, kind=ActionKind.OPENED)) == 1
    assert pieces() == {piece}
    # Once more changes no number, another kind does.
    assert marks_made_by(shop, lambda: record_action(shop, order, kind=ActionKind.OPENED)) == 0
    assert marks_made_by(shop, lambda: rows.update(kind=ActionKind.CLICKED)) == 1
    assert marks_made_by(shop, rows.delete) == 1


def test_days_are_marked_whichever_piece_an_action_lies_in(shop) -> None:
    order = place(shop)
    check_that_days_are_marked(shop, order, "engagement_pageaction_before")
    forget_all_there_was()
    check_that_days_are_marked(shop, order, "engagement_pageaction_rest")
    connection.check_constraints()
    cut(PAGE_ACTIONS, now=month(0), kept_since=None)
    check_that_days_are_marked(shop, order, PAGE_ACTIONS.piece(month(0).date()).name)


def test_a_piece_made_later_refuses_what_the_table_refuses(shop) -> None:
    order = place(shop)
    forget_all_there_was()
    cut(PAGE_ACTIONS, now=month(0), kept_since=None)
    for _ in range(2):
        record_action(shop, order, kind=ActionKind.OPENED)
    assert [action.times for action in PageAction.objects.of(shop)] == [2]

    def act(order_id: UUID) -> None:
        PageAction.objects.create(shop=shop, order_id=order_id, kind=ActionKind.OPENED)
        connection.check_constraints()

    with pytest.raises(IntegrityError, match="_shop_id_order_id_kind"):
        act(order.id)


def test_what_comes_when_its_month_is_gone_goes_with_its_time(shop) -> None:
    order = place(shop)
    record_action(shop, order, kind=ActionKind.OPENED)
    forget_all_there_was()
    assert pieces() == set()
    record_action(shop, order, kind=ActionKind.OPENED)
    forget_all_there_was()
    assert pieces() == set()


def test_beat_keeps_everything_until_a_number_of_months_is_said(
    shop, settings, monkeypatch
) -> None:
    record_action(shop, place(shop), kind=ActionKind.OPENED)
    connection.check_constraints()
    settings.EVENTS_KEPT_MONTHS = 4
    later = month(8)
    monkeypatch.setattr(timezone, "now", lambda: later)
    cut_page_actions()
    assert PageAction.objects.of(shop).count() == 1

    settings.PAGE_ACTIONS_KEPT_MONTHS = 4
    cut_page_actions()
    assert PageAction.objects.of(shop).count() == 0


def test_what_went_stays_gone_also_when_more_is_kept_again(shop) -> None:
    order = place(shop)
    forget_all_there_was()
    before = kept_from(PAGE_ACTIONS)
    record_action(shop, order, kind=ActionKind.OPENED)
    connection.check_constraints()
    cut(PAGE_ACTIONS, now=month(8), kept_since=None)
    assert kept_from(PAGE_ACTIONS) == before
    assert pieces() == {"engagement_pageaction_rest"}


def test_numbers_remember_what_is_kept_no_more_and_are_not_called_wrong(shop) -> None:
    order = place(shop)
    record_action(shop, order, kind=ActionKind.OPENED)
    refresh(shop)
    assert clean_days(shop) != []
    forget_all_there_was()
    assert clean_days(shop) == []
    assert Mark.objects.filter(shop=shop).count() == 0
