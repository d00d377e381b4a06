"""For how long events are kept."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from common.partitions import CutTable, Span, cut, months_ago

EVENTS = CutTable(name="events_event", span=Span.MONTH, waits_for="NOT is_relayed")


def events_kept_since(now: datetime) -> datetime | None:
    """None: for good."""
    return months_ago(now, settings.EVENTS_KEPT_MONTHS)


def cut_events() -> list[str]:
    """Make the log's next months, and forget those that are kept no more, once all is relayed."""
    now = timezone.now()
    return cut(EVENTS, now=now, kept_since=events_kept_since(now))
