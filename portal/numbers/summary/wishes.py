"""Who wants the weekly summary of a shop: it is off until somebody switches it on."""

from datetime import datetime
from typing import Any

from django.core import signing

from portal.models import WeeklySummary
from portal.numbers.summary.weeks import last_sunday
from shops.models import Shop, User

SALT = "portal.weekly_summary"


def switch_on(shop: Shop, person: User, *, now: datetime) -> WeeklySummary:
    """From the week that goes on now; twice is as once."""
    summary, _ = WeeklySummary.objects.get_or_create(
        shop=shop, person=person, defaults={"told_until": last_sunday(shop, now)}
    )
    return summary


def switch_off(shop: Shop, person: User) -> None:
    WeeklySummary.objects.of(shop).filter(person=person).delete()


def wants_summary(shop: Shop, person: User) -> bool:
    return WeeklySummary.objects.of(shop).filter(person=person).exists()


def token_of(summary: WeeklySummary) -> str:
    """For the link that switches it off, without a log-in; of no use once it is off."""
    named = [str(summary.shop_id), str(summary.person_id), str(summary.id)]
    return signing.dumps(named, salt=SALT)


def summary_of(token: str) -> WeeklySummary | None:
    """None where the token is none of ours, or the summary was switched off already."""
    try:
        named: Any = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    shop_id, person_id, summary_id = named
    return (
        WeeklySummary.objects.filter(shop_id=shop_id, person_id=person_id, id=summary_id)
        .select_related("shop")
        .first()
    )
