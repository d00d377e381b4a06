"""Days and hours as people say them: “tomorrow, 10–14”, in the language and zone of the page."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from common.dates import format_date

WHOLE_DAY = timedelta(hours=18)
"""A window as wide says the day and no hours."""


def window_words(start: datetime, end: datetime, *, now: datetime) -> str:
    """“today, 10–14”, “between tomorrow and Friday”, “by Friday, 4 December”."""
    first, last, today = (timezone.localtime(at) for at in (start, end, now))
    if first.date() == last.date():
        day = day_words(last.date(), today=today.date())
        if last - first >= WHOLE_DAY:
            return day
        if first == last:
            return _("%(day)s, about %(at)s") % {"day": day, "at": clock(last)}
        return _("%(day)s, %(start)s–%(end)s") % {
            "day": day,
            "start": clock(first, is_short=True),
            "end": clock(last, is_short=True),
        }
    until = _weekday(last.date(), today=today.date())
    if first.date() <= today.date():
        return _("by %(day)s") % {"day": until}
    since = _weekday(first.date(), today=today.date())
    return _("between %(first)s and %(last)s") % {"first": since, "last": until}


def day_words(day: date, *, today: date) -> str:
    """“today”, “tomorrow”, “yesterday”, “Wednesday, 2 December”; with the year in another one."""
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    if (word := near.get((day - today).days)) is not None:
        return word
    # Translators: how a day is written, in the letters of CLDR; German: EEEE, d. MMMM
    pattern = _("EEEE, d MMMM")
    return format_date(day, pattern if day.year == today.year else f"{pattern} y", locale=_locale())


def _weekday(day: date, *, today: date) -> str:
    """“Friday”, where that can only be the coming one, else as `day_words`."""
    if 1 < (day - today).days < 7:
        return format_date(day, "EEEE", locale=_locale())
    return day_words(day, today=today)


def short_day(day: date, *, today: date) -> str:
    """“2 Dec”."""
    # Translators: how a day is written shortly; German: d. MMM
    pattern = _("d MMM")
    return format_date(day, pattern if day.year == today.year else f"{pattern} y", locale=_locale())


def moment_words(at: datetime, *, now: datetime) -> str:
    """“today, 14:03”."""
    local, today = timezone.localtime(at), timezone.localtime(now).date()
    day = day_words(local.date(), today=today)
    return _("%(day)s, %(at)s") % {"day": day, "at": clock(local)}


def clock(at: datetime, *, is_short: bool = False) -> str:
    """“14:00”; short, a full hour is “14”."""
    return f"{at.hour}" if is_short and at.minute == 0 else f"{at:%H:%M}"


def _locale() -> str:
    return to_locale(get_language() or "en")
