from celery import shared_task

from notices.retention import forget_old_bodies


@shared_task(name="notices.forget_old_bodies")
def forget_bodies_that_are_old() -> None:
    forget_old_bodies()
