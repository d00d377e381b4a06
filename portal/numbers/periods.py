"""The periods that one chooses from, and how fine their series are."""

from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from analytics.questions import Interval, Period

MOST_DAYS, MOST_WEEKS = 92, 110
"""Of a period that is shown by day, by week."""
BY_DAY_UP_TO, BY_WEEK_UP_TO = 45, 200
"""Days of a period for which nobody said how fine its series should be."""


class Preset(TextChoices):
    DAYS_7 = "7d", _("Last 7 days")
    DAYS_30 = "30d", _("Last 30 days")
    DAYS_90 = "90d", _("Last 90 days")
    MONTH = "month", _("This month")
    LAST_MONTH = "last_month", _("Last month")
    QUARTER = "quarter", _("This quarter")
    MONTHS_12 = "12m", _("Last 12 months")
    CUSTOM = "custom", _("Other days")


class Comparison(TextChoices):
    BEFORE = "before", _("the period before")
    YEAR = "year", _("the year before")
    NONE = "none", _("nothing")


def period_of(preset: Preset, today: date) -> Period:
    """Up to today, or up to its own end; of other days the last 30."""
    start_of_month = today.replace(day=1)
    match preset:
        case Preset.DAYS_7:
            return Period(today - timedelta(days=6), today)
        case Preset.DAYS_90:
            return Period(today - timedelta(days=89), today)
        case Preset.MONTH:
            return Period(start_of_month, today)
        case Preset.LAST_MONTH:
            last = start_of_month - timedelta(days=1)
            return Period(last.replace(day=1), last)
        case Preset.QUARTER:
            return Period(today.replace(month=3 * ((today.month - 1) // 3) + 1, day=1), today)
        case Preset.MONTHS_12:
            return Period(Period(today, today).year_before().first + timedelta(days=1), today)
        case _:
            return Period(today - timedelta(days=29), today)


def intervals_for(period: Period) -> list[Interval]:
    """Those that make a chart one can read."""
    found = [Interval.DAY] if period.days <= MOST_DAYS else []
    if 14 <= period.days <= 7 * MOST_WEEKS:
        found.append(Interval.WEEK)
    if period.days >= 60:
        found.append(Interval.MONTH)
    return found


def usual_interval(period: Period) -> Interval:
    if period.days <= BY_DAY_UP_TO:
        return Interval.DAY
    return Interval.WEEK if period.days <= BY_WEEK_UP_TO else Interval.MONTH
