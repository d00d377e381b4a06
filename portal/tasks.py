from celery import shared_task
from django.utils import timezone

from portal.numbers.summary.sending import send_weekly_summaries


@shared_task(name="portal.send_weekly_summaries")
def send_summaries_of_weeks_that_are_over() -> None:
    send_weekly_summaries(now=timezone.now())
