"""Sending the weekly summaries: each week once to each person, whatever happens meanwhile.

The row says that the week was told before the mail leaves, so that two that send at the same time,
or one that dies, tell nobody twice. Where the mail server refuses, the row says so no longer, and
the next run tries again.
"""

from datetime import datetime
from itertools import groupby
from smtplib import SMTPException

import structlog
from django.db.models import Exists, OuterRef
from django.urls import reverse

from analytics.questions import Period
from common.logs.errors import brief
from portal.models import WeeklySummary
from portal.numbers.summary.letter import Letter, letter_of
from portal.numbers.summary.weeks import week_to_tell
from portal.numbers.summary.wishes import token_of
from shops.models import Membership, Shop
from shops.tenancy import ShopQuerySet

log = structlog.get_logger()


def send_weekly_summaries(*, now: datetime) -> int:
    """To everybody whose week is over and not told; answers how many mails left."""
    sent = 0
    waiting = wanted().select_related("shop", "person").order_by("shop_id", "id")
    for shop, summaries in groupby(waiting, key=lambda summary: summary.shop):
        week = week_to_tell(shop, now)
        if week is not None:
            sent += _send(shop, week, [one for one in summaries if one.told_until < week.last])
    return sent


def wanted() -> ShopQuerySet[WeeklySummary]:
    """Of people who are still members, and may still log in."""
    members = Membership.objects.filter(
        shop_id=OuterRef("shop_id"), user_id=OuterRef("person_id"), user__is_active=True
    )
    return WeeklySummary.objects.filter(Exists(members))


def _send(shop: Shop, week: Period, summaries: list[WeeklySummary]) -> int:
    if not summaries:
        return 0
    letter = letter_of(shop, week)
    return sum(_told(letter, summary) for summary in summaries)


def _told(letter: Letter, summary: WeeklySummary) -> bool:
    """Whether this call told the person; another one may have been faster."""
    rows = WeeklySummary.objects.of(letter.shop).filter(id=summary.id)
    if not rows.filter(told_until__lt=letter.week.last).update(told_until=letter.week.last):
        return False
    mail = letter.to(
        summary.person.email,
        stop_path=reverse("portal:stop_summary", args=[token_of(summary)]),
    )
    try:
        mail.send()
    except (OSError, SMTPException) as problem:
        rows.filter(told_until=letter.week.last).update(told_until=summary.told_until)
        log.warning("portal.summary_failed", shop=letter.shop.slug, problem=brief(problem))
        return False
    return True
