from celery import shared_task

from intake.idempotency import forget_idempotent_requests


@shared_task(name="intake.forget_idempotent_requests")
def forget_idempotent_requests_that_are_old() -> None:
    forget_idempotent_requests()
