"""When a delivery that failed is tried again, and when its webhook is given up (section 5)."""

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

RETRIES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER = 0.1
"""Each wait is up to a tenth longer: what failed together does not come back together."""

LONGEST_WISH = timedelta(hours=24)
"""Of an endpoint that says when to come back (Retry-After)."""

GIVEN_UP_AFTER = timedelta(days=5)
"""Without one success, a webhook is disabled."""


def next_attempt_at(retries: int, *, now: datetime, wish: timedelta | None) -> datetime | None:
    """After the first try (`retries` = 0) or the nth retry failed; None after the last one."""
    if retries >= len(RETRIES):
        return None
    wait = RETRIES[retries] * random.uniform(1, 1 + JITTER)
    return now + max(wait, wish or timedelta(0))


def retry_after(header: str | None, *, now: datetime) -> timedelta | None:
    """What a Retry-After header asks for (RFC 9110: seconds, or a date), at most LONGEST_WISH."""
    if not header:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), LONGEST_WISH.total_seconds()))
    try:
        at = parsedate_to_datetime(text)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return min(max(at - now, timedelta(0)), LONGEST_WISH)
    except (ValueError, OverflowError):
        return None
