"""Password spraying: few tries at each of many accounts, under the limit that one account has."""

from datetime import timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Count, Sum
from django.utils import timezone

WINDOW = timedelta(hours=settings.AXES_COOLOFF_TIME)
MOST_ACCOUNTS = 20
MOST_FAILURES = 50
"""More than an office behind one address mistypes in a window, far too little to guess with."""


def is_spraying(address: str) -> bool:
    """Whether `address` failed at so many accounts, or so often, that it has to wait."""
    failed = AccessAttempt.objects.filter(
        ip_address=address or None, attempt_time__gt=timezone.now() - WINDOW
    ).aggregate(
        accounts=Count("username", distinct=True), failures=Sum("failures_since_start", default=0)
    )
    return bool(failed["accounts"] >= MOST_ACCOUNTS or failed["failures"] >= MOST_FAILURES)
