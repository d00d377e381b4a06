from smtplib import SMTPException
from uuid import UUID

from celery import shared_task
from django.core.mail import send_mail
from django.core.management import call_command

from shops.invitation_mail import mail_invitation


@shared_task(name="shops.clear_sessions")
def clear_sessions() -> None:
    call_command("clearsessions")


@shared_task(
    name="shops.mail", autoretry_for=(OSError, SMTPException), retry_backoff=30, max_retries=5
)
def mail(subject: str, body: str, addresses: list[str]) -> None:
    """About a person's own account: a forgotten password, a second factor that was added."""
    send_mail(subject, body, None, addresses)


@shared_task(
    name="shops.mail_invitation",
    autoretry_for=(OSError, SMTPException),
    retry_backoff=30,
    max_retries=5,
)
def send_invitation(invitation_id: str, url: str, language: str) -> None:
    mail_invitation(UUID(invitation_id), url, language)
