"""Which week a shop's people are told of, and when: on Mondays at seven, by the shop's clock."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from analytics.questions import Period
from shops.models import Shop

HOUR = 7
LATEST_WEEKDAY = 2
"""Of what could not be sent on Monday nobody is told any more from Thursday on."""


def week_to_tell(shop: Shop, now: datetime) -> Period | None:
    """The week that is over, Monday to Sunday; None while it is not the time to tell of it."""
    local = now.astimezone(ZoneInfo(shop.timezone))
    if local.weekday() > LATEST_WEEKDAY or (local.weekday() == 0 and local.hour < HOUR):
        return None
    last = last_sunday(shop, now)
    return Period(last - timedelta(days=6), last)


def last_sunday(shop: Shop, now: datetime) -> date:
    """The end of the last week that is over."""
    today = now.astimezone(ZoneInfo(shop.timezone)).date()
    return today - timedelta(days=today.weekday() + 1)
