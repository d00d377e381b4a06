"""What the log says of an attempt: whose, of which request, and what came of it."""

import logging

import structlog

from webhooks.queue import Outcome

log = structlog.get_logger()


def log_attempt(outcome: Outcome) -> None:
    """Not where it went: addresses hold tokens."""
    claimed, attempt = outcome.claimed, outcome.attempt
    log.log(
        logging.INFO if outcome.is_success else logging.WARNING,
        "webhooks.attempted",
        request_id=claimed.request_id,
        shop_id=str(claimed.shop_id),
        webhook=str(claimed.webhook_id),
        delivery=str(claimed.id),
        number=claimed.number,
        status=attempt["status"],
        ms=attempt["latency"],
        next_at=outcome.next_attempt_at,
    )
