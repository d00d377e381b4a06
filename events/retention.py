"""For how long events are kept."""

from django.conf import settings
from django.utils import timezone

from common.partitions import CutTable, Span, cut, months_ago

EVENTS = CutTable(name="events_event", span=Span.MONTH, waits_for="NOT is_relayed")


def cut_events() -> list[str]:
    """Make the log's next months, and forget those that are kept no more, once all is relayed."""
    now = timezone.now()
    return cut(EVENTS, now=now, kept_since=months_ago(now, settings.EVENTS_KEPT_MONTHS))
