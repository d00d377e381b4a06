"""Nudges: what has to be done stands in PostgreSQL, where beat finds it."""

from celery import shared_task

from claims.drafts import forget_drafts
from claims.mails import send_mails


@shared_task(name="claims.send_mails", expires=60)
def send_answers_to_customers() -> None:
    send_mails()


@shared_task(name="claims.forget_drafts")
def forget_drafts_that_are_old() -> None:
    forget_drafts()
