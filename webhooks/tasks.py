from celery import shared_task

from events.nudge import nudge
from webhooks.dispatch import dispatch
from webhooks.notices import tell_of_disabled_webhooks
from webhooks.retention import cut_attempts, forget_old_deliveries


@shared_task(name="webhooks.dispatch")
def dispatch_what_waits() -> None:
    """The worker does this by itself; should none run, deliveries are at least there for it."""
    if dispatch():
        nudge()


@shared_task(name="webhooks.tell_of_disabled_webhooks")
def tell_of_webhooks_that_were_switched_off() -> None:
    tell_of_disabled_webhooks()


@shared_task(name="webhooks.forget_old_deliveries")
def forget_deliveries_that_are_old() -> None:
    forget_old_deliveries()


@shared_task(name="webhooks.cut_attempts")
def cut_attempts_by_week() -> None:
    cut_attempts()
