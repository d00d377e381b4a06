"""Attempts lie in pieces of a week; what is older than 30 days goes with its piece."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from common.ids import new_id
from common.partitions import Span, cut, first_id_of, out_of_step
from shops.models import Shop
from tests.factories import make_shop
from webhooks.models import Attempt
from webhooks.retention import ATTEMPTS, KEPT_FOR, cut_attempts

WEEK = timedelta(weeks=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return make_shop()


def attempt(shop: Shop, made_on: date) -> UUID:
    id_ = UUID(int=first_id_of(made_on).int + new_id().int % 2**64)
    Attempt.objects.create(
        id=id_,
        shop=shop,
        webhook_id=new_id(),
        delivery_id=new_id(),
        number=1,
        url="https://203.0.114.1/hook",
        request_headers={},
        latency=3,
        is_success=True,
    )
    connection.check_constraints()
    return id_


def place_of(id_: UUID) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM webhooks_attempt WHERE id = %s", [id_])
        return cursor.fetchone()[0]


def weeks_from_now(weeks: int) -> datetime:
    return timezone.now() + weeks * WEEK


def test_an_id_made_now_is_within_this_week() -> None:
    piece = ATTEMPTS.piece(Span.WEEK.begin(timezone.now()))
    assert piece.first <= new_id() < piece.end


def test_a_piece_is_named_for_its_week() -> None:
    assert ATTEMPTS.piece(date(2026, 11, 23)).name == "webhooks_attempt_2026w48"


def test_the_next_weeks_have_their_pieces_and_rows_find_them(shop) -> None:
    cut(ATTEMPTS, now=weeks_from_now(6), kept_since=None)
    monday = Span.WEEK.begin(weeks_from_now(8))
    assert place_of(attempt(shop, monday)) == ATTEMPTS.piece(monday).name
    assert cut(ATTEMPTS, now=weeks_from_now(6), kept_since=None) == []


def test_rows_without_a_piece_wait_and_move_into_it(shop) -> None:
    monday = Span.WEEK.begin(weeks_from_now(20))
    waiting = attempt(shop, monday)
    assert place_of(waiting) == "webhooks_attempt_rest"
    cut(ATTEMPTS, now=weeks_from_now(20), kept_since=None)
    assert place_of(waiting) == ATTEMPTS.piece(monday).name


def test_weeks_that_passed_without_a_piece_get_one_while_rows_of_them_wait(shop) -> None:
    mondays = [Span.WEEK.begin(weeks_from_now(weeks)) for weeks in (20, 23)]
    waiting = [attempt(shop, monday) for monday in mondays]
    now = weeks_from_now(24)
    names = [ATTEMPTS.piece(monday).name for monday in mondays]
    assert set(names) < set(out_of_step(ATTEMPTS, now=now, kept_since=None))
    cut(ATTEMPTS, now=now, kept_since=None)
    assert [place_of(id_) for id_ in waiting] == names
    assert out_of_step(ATTEMPTS, now=now, kept_since=None) == []


def test_a_row_from_the_far_future_waits_for_its_time(shop) -> None:
    cut(ATTEMPTS, now=timezone.now(), kept_since=None)
    Attempt.objects.filter(id=attempt(shop, date(2999, 1, 1))).update(id=UUID(int=2**128 - 1))
    assert cut(ATTEMPTS, now=timezone.now(), kept_since=None) == []


def test_a_piece_goes_when_nothing_in_it_is_kept_any_more(shop) -> None:
    start = weeks_from_now(10)
    cut(ATTEMPTS, now=start, kept_since=None)
    old, young = attempt(shop, Span.WEEK.begin(start)), attempt(shop, Span.WEEK.begin(start) + WEEK)
    now = start - start.weekday() * timedelta(days=1) + WEEK + KEPT_FOR
    name = ATTEMPTS.piece(Span.WEEK.begin(start)).name
    assert f"-{name}" in cut(ATTEMPTS, now=now, kept_since=now - KEPT_FOR)
    assert set(Attempt.objects.values_list("id", flat=True)) == {young}
    assert old != young


def test_what_beat_asks_for_keeps_what_is_young(shop) -> None:
    kept = attempt(shop, timezone.now().date())
    cut_attempts()
    assert [row.id for row in Attempt.objects.of(shop)] == [kept]
