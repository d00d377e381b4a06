"""For how long it is kept what customers did on tracking pages: by the age of their orders."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from common.partitions import CutTable, Span, cut, months_ago

PAGE_ACTIONS = CutTable(name="engagement_pageaction", span=Span.MONTH, key="order_id")


def page_actions_kept_since(now: datetime) -> datetime | None:
    """None: for good."""
    return months_ago(now, settings.PAGE_ACTIONS_KEPT_MONTHS)


def cut_page_actions() -> list[str]:
    """Make the table's next months, and forget what was done on pages of orders too old."""
    now = timezone.now()
    return cut(PAGE_ACTIONS, now=now, kept_since=page_actions_kept_since(now))
