"""Which days, steps and comparisons an address means."""

from datetime import date

import pytest
from django.http import QueryDict

from analytics.questions import Dimension, Interval, Period
from campaigns.models import Campaign
from portal.numbers.periods import Preset, intervals_for, period_of, usual_interval
from portal.numbers.scope import Scope
from tests.factories import make_shop

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        (Preset.DAYS_7, date(2026, 3, 25), TODAY),
        (Preset.DAYS_30, date(2026, 3, 2), TODAY),
        (Preset.DAYS_90, date(2026, 1, 1), TODAY),
        (Preset.MONTH, date(2026, 3, 1), TODAY),
        (Preset.LAST_MONTH, date(2026, 2, 1), date(2026, 2, 28)),
        (Preset.QUARTER, date(2026, 1, 1), TODAY),
        (Preset.MONTHS_12, date(2025, 4, 1), TODAY),
    ],
)
def test_presets_are_of_these_days(preset, first, last):
    assert period_of(preset, TODAY) == Period(first, last)


def test_the_last_month_of_january_is_december():
    assert period_of(Preset.LAST_MONTH, date(2026, 1, 15)) == Period(
        date(2025, 12, 1), date(2025, 12, 31)
    )


def test_steps_are_as_fine_as_one_can_read():
    year = Period(date(2025, 4, 1), TODAY)

    assert usual_interval(period_of(Preset.DAYS_30, TODAY)) is Interval.DAY
    assert usual_interval(period_of(Preset.DAYS_90, TODAY)) is Interval.WEEK
    assert usual_interval(year) is Interval.MONTH
    assert intervals_for(year) == [Interval.WEEK, Interval.MONTH]
    assert intervals_for(period_of(Preset.DAYS_7, TODAY)) == [Interval.DAY]


def scope(query: str, shop=None) -> Scope:
    return Scope(QueryDict(query), shop=shop or make_shop())


def test_an_address_without_a_question_is_of_the_last_30_days():
    found = scope("")

    assert found.makes_sense
    assert (found.period.days, found.query) == (30, "")


def test_days_of_ones_own_need_no_preset():
    found = scope("from=2026-01-05&to=2026-01-05")

    assert found.preset is Preset.CUSTOM
    assert found.period == Period(date(2026, 1, 5), date(2026, 1, 5))
    assert found.compared_period == Period(date(2026, 1, 4), date(2026, 1, 4))
    assert found.query == "from=2026-01-05&to=2026-01-05"


@pytest.mark.parametrize(
    "query",
    [
        "from=2026-02-01&to=2026-01-01",
        "from=2026-02-31&to=2026-03-01",
        "period=custom",
        "period=fortnight",
        "from=1999-01-01&to=2026-01-01",
        "carrier=nobody",
        "country=Atlantis",
        "campaign=none-of-ours",
    ],
)
def test_what_makes_no_sense_is_said_and_is_not_everything(query):
    found = scope(query)

    assert not found.makes_sense
    assert found.faults
    assert (found.period.days, found.filters) == (30, {})


def test_filters_narrow_every_question():
    found = scope("carrier=dhl&country=germany&segment=vip")

    assert found.question("orders").filters == {
        Dimension.CARRIER: "dhl",
        Dimension.COUNTRY: "DE",
        Dimension.SEGMENT: "vip",
    }
    assert [applied.rest for applied in found.applied] == [
        "country=DE&segment=vip",
        "carrier=dhl&segment=vip",
        "carrier=dhl&country=DE",
    ]


def test_campaigns_are_those_of_the_shop():
    shop, other = make_shop(), make_shop()
    own = Campaign.objects.create(shop=shop, name="Spring")
    foreign = Campaign.objects.create(shop=other, name="Autumn")

    assert scope(f"campaign={own.id}", shop).applied[0].word == "Spring"
    assert not scope(f"campaign={foreign.id}", shop).makes_sense


def test_steps_that_are_too_fine_for_the_period_are_the_usual_ones():
    assert scope("period=12m&interval=day").interval is Interval.MONTH


def test_a_year_before_is_compared_where_it_is_asked_for():
    found = scope("from=2026-01-01&to=2026-01-31&compare=year")

    assert found.compared_period == Period(date(2025, 1, 1), date(2025, 1, 31))
    assert scope("compare=none").compared_period is None
