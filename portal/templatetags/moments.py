"""Times as people say them, with the exact one at hand; in the zone that the page is in."""

from datetime import date, datetime, timedelta

from babel.dates import format_timedelta
from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from common.dates import format_date, format_datetime

register = template.Library()

RECENT = timedelta(days=30)


@register.simple_tag
def moment(at: datetime, style: str = "") -> SafeString:
    """“3 hours ago” (or `short`: “3 hr”), and the exact time on hover and on focus.

    `full` prints both, for where nothing can be focused.
    """
    return format_html(
        '<time class="moment{}" datetime="{}">{}<span class="moment-exact">{}</span></time>',
        " moment-full" if style == "full" else "",
        at.isoformat(),
        _before_exact(at, style),
        exact(at),
    )


def _before_exact(at: datetime, style: str) -> str:
    if style == "short":
        return lasting(at)
    if style == "full":
        return "" if _is_long_ago(at) else f"{relative(at)} "
    return relative(at)


def lasting(since: datetime) -> str:
    """“3 hr”, “2 days”: for how long something has been so."""
    passed = max(timezone.now() - since, timedelta(minutes=1))
    return format_timedelta(passed, format="short", threshold=1, locale=current_locale())


@register.filter
def relative(at: datetime) -> str:
    """How long ago, or the date when that says more."""
    passed = timezone.now() - at
    locale = current_locale()
    if _is_long_ago(at):
        return format_date(timezone.localtime(at), "d MMM y", locale=locale)
    if timedelta(0) <= passed < timedelta(minutes=1):
        return _("just now")
    return format_timedelta(-passed, add_direction=True, threshold=1, locale=locale)


def _is_long_ago(at: datetime) -> bool:
    """Or far ahead: the date says more than the time that passed."""
    return abs(timezone.now() - at) > RECENT


@register.filter
def exact(at: datetime) -> str:
    """“Fri 17 Mar 2023, 10:51 CET”."""
    local = timezone.localtime(at)
    return f"{format_datetime(local, 'EEE d MMM y, HH:mm', locale=current_locale())} {local:%Z}"


@register.filter
def exact_seconds(at: datetime) -> str:
    local = timezone.localtime(at)
    pattern = "EEE d MMM y, HH:mm:ss"
    return f"{format_datetime(local, pattern, locale=current_locale())} {local:%Z}"


def day_and_time(at: datetime) -> str:
    """“14:03” today, “25 Nov, 14:03” on another day, with the year in another one."""
    local, today = timezone.localtime(at), timezone.localdate()
    pattern = "HH:mm" if local.date() == today else "d MMM, HH:mm"
    pattern = pattern if local.year == today.year else "d MMM y, HH:mm"
    return format_datetime(local, pattern, locale=current_locale())


@register.simple_tag
def clock(at: datetime) -> SafeString:
    """“14:03”, for where the day stands above it."""
    return format_html(
        '<time datetime="{}">{}</time>', at.isoformat(), f"{timezone.localtime(at):%H:%M}"
    )


@register.filter
def day(on: date) -> str:
    """“Wednesday 25 November”, with the year where it is another one."""
    pattern = "EEEE d MMMM" if on.year == timezone.localdate().year else "EEEE d MMMM y"
    return format_date(on, pattern, locale=current_locale())


@register.simple_tag
def sent_span(start: str | None, end: str | None) -> str:
    """Two times that the shop sent (ISO 8601), either of which may be missing, as one span."""
    try:
        times = [timezone.localtime(datetime.fromisoformat(text)) for text in (start, end) if text]
    except ValueError:
        return " – ".join(filter(None, [start, end]))
    return _span(times)


@register.simple_tag
def window(start: datetime | None, end: datetime) -> str:
    """“Wed 2 Dec 2026, 10:00 – 14:00”, in the page's zone."""
    return _span([timezone.localtime(at) for at in (start, end) if at])


def _span(times: list[datetime]) -> str:
    words = [format_datetime(at, "EEE d MMM y, HH:mm", locale=current_locale()) for at in times]
    if len(set(times)) == 2 and times[0].date() == times[1].date():
        words[1] = format_datetime(times[1], "HH:mm", locale=current_locale())
    return " – ".join(dict.fromkeys(words))


@register.simple_tag
def day_span(start: datetime | None, end: datetime) -> str:
    """“Wed 2 – Fri 4 Dec”, “30 Nov – 4 Dec”, or one day: narrow enough for a column.

    In the page's zone; with the year where it is another one.
    """
    locale = current_locale()
    last = timezone.localtime(end).date()
    first = timezone.localtime(start).date() if start else last
    is_same_month = (first.year, first.month) == (last.year, last.month)
    form = "EEE d MMM" if is_same_month else "d MMM"
    form = form if last.year == timezone.localdate().year else f"{form} y"
    words = format_date(last, form, locale=locale)
    if first == last:
        return words
    return f"{format_date(first, 'EEE d' if is_same_month else form, locale=locale)} – {words}"


def current_locale() -> str:
    return to_locale(get_language() or "en")
