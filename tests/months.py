"""Months around now, for tests of tables that are cut by them."""

from datetime import UTC, datetime, time

from django.utils import timezone

from common.partitions import Span


def month(number: int) -> datetime:
    """The first moment of the one that is so many months from now."""
    first = Span.MONTH.later(Span.MONTH.begin(timezone.now()), number)
    return datetime.combine(first, time(), UTC)
