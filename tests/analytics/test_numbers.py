"""Every number, by its definition, on orders that one can count by hand."""

from datetime import date

import pytest

from analytics.answering import answer
from analytics.catalogue.numbers import NUMBERS
from analytics.questions import Dimension, Interval, Period, Question
from tests.factories import fulfil, make_shop, place

pytestmark = pytest.mark.django_db

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


@pytest.mark.parametrize("name", NUMBERS)
def test_every_number_can_be_asked_in_every_way(name):
    shop = make_shop()
    fulfil(shop, place(shop, order_placed_at="2026-03-02T09:00:00Z"), "1Z12345E0205271688")
    for by in ((), *((dimension,) for dimension in NUMBERS[name].group_by)):
        for interval in (None, *Interval):
            question = Question(
                number=name,
                period=MARCH,
                interval=interval,
                group_by=by,
                filters={Dimension.COUNTRY: "DE", Dimension.SEGMENT: ""} if by else {},
            )
            found = answer(shop, question)
            assert found.number == name
