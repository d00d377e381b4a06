"""Days, weeks and months in words."""

from datetime import date

from django.utils.translation import gettext as _

from analytics.questions import Interval
from common.dates import format_date
from portal.templatetags.moments import current_locale


def span_words(first: date, last: date) -> str:
    """“27 Oct – 25 Nov 2026”, or one day."""
    locale = current_locale()
    if first == last:
        return format_date(last, "d MMM y", locale=locale)
    same = (first.year == last.year) + (first.year == last.year and first.month == last.month)
    start = format_date(first, ("d MMM y", "d MMM", "d")[same], locale=locale)
    return f"{start} – {format_date(last, 'd MMM y', locale=locale)}"


def step_words(first: date, last: date, interval: Interval) -> str:
    """“Mon 3 Nov”, “3 – 9 Nov”, “Nov 2026”."""
    locale = current_locale()
    if interval is Interval.MONTH:
        return format_date(first, "MMM y", locale=locale)
    if interval is Interval.DAY or first == last:
        return format_date(first, "EEE d MMM", locale=locale)
    form = "d" if first.month == last.month else "d MMM"
    return (
        f"{format_date(first, form, locale=locale)} – {format_date(last, 'd MMM', locale=locale)}"
    )


def interval_words(interval: Interval) -> str:
    return {
        Interval.DAY: _("by day"),
        Interval.WEEK: _("by week"),
        Interval.MONTH: _("by month"),
    }[interval]
