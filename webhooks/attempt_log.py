"""What the log says of an attempt: whose, of which request, and what came of it."""

import logging

import structlog

from webhooks.queue import Outcome

log = structlog.get_logger()


def log_attempt(outcome: Outcome) -> None:
    """Not where it went: addresses hold tokens."""
    level = logging.INFO if outcome.is_success else logging.WARNING
    if not logging.getLogger(__name__).isEnabledFor(level):
        return  # there are many of them, and ids take their time to become text
    claimed = outcome.claimed
    log.log(
        level,
        "webhooks.attempted",
        request_id=claimed.request_id,
        shop_id=str(claimed.shop_id),
        webhook=str(claimed.webhook_id),
        delivery=str(claimed.id),
        number=claimed.number,
        status=outcome.answer.status,
        ms=outcome.latency,
        next_at=outcome.next_attempt_at,
    )
