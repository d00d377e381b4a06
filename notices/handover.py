"""Giving a mail to Django's e-mail back end, and telling what came of it.

A mail is sent once. So what matters of a failure is whether the server may have taken it: it does
so only after it has the content. Where the conversation broke off then, nobody knows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from smtplib import (
    SMTP,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext_noop

from notices.models import Mail, MailState
from notices.rendering import Rendered

UNREACHABLE = (OSError, SMTPException)
PERMANENT = 500
"""SMTP answers from here on mean that trying again is of no use."""
HANGS_UP = 421


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """`state` is WAITING where it is worth trying again."""

    state: MailState
    error: str = ""
    is_broken: bool = False
    """The connection is of no use any more."""


def hand_over(connection: BaseEmailBackend, message: EmailMultiAlternatives) -> Verdict:
    """With an open connection."""
    has_begun = _watch_content(connection)
    try:
        taken = connection.send_messages([message])
    except SMTPRecipientsRefused as refusal:
        [(code, answer)] = refusal.recipients.values()
        return _answered(code, answer)
    except SMTPSenderRefused as refusal:
        # That is about us, and not about this mail: its sender can be put right.
        return _answered(refusal.smtp_code, refusal.smtp_error, is_about_us=True)
    except SMTPResponseException as refusal:
        return _answered(refusal.smtp_code, refusal.smtp_error)
    except ValueError as fault:
        return Verdict(state=MailState.FAILED, error=f"It cannot be written: {fault}")
    except UNREACHABLE as problem:
        state = MailState.UNSURE if has_begun() else MailState.WAITING
        return Verdict(state=state, error=_said(problem), is_broken=True)
    if not taken:
        return Verdict(state=MailState.WAITING, error=gettext_noop("The mail server took nothing."))
    return Verdict(state=MailState.SENT)


def message_of(
    mail: Mail, said: Rendered, *, reply_to: str, unsubscribe_url: str, connection: BaseEmailBackend
) -> EmailMultiAlternatives:
    """With the headers for unsubscribing by one click (RFC 8058)."""
    _, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    message = EmailMultiAlternatives(
        subject=said.subject,
        body=said.text,
        from_email=formataddr((" ".join(mail.shop.name.split()), sender)),
        to=[mail.recipient],
        reply_to=[reply_to] if reply_to else None,
        connection=connection,
        headers={
            "Message-ID": f"<{mail.id}@{host}>",
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Content-Language": mail.language,
            **({"X-Request-ID": mail.request_id} if mail.request_id else {}),
        },
    )
    message.attach_alternative(said.html, "text/html")
    return message


def _answered(code: int, answer: bytes | str, *, is_about_us: bool = False) -> Verdict:
    said = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    is_final = code >= PERMANENT and not is_about_us
    state = MailState.FAILED if is_final else MailState.WAITING
    error = f"The mail server said: {code} {said}"
    return Verdict(state=state, error=error, is_broken=code == HANGS_UP)


def _watch_content(connection: BaseEmailBackend) -> Callable[[], bool]:
    """Answers whether the content was begun; of back ends other than SMTP, nobody knows."""
    smtp = getattr(connection, "connection", None)
    if not isinstance(smtp, SMTP):
        return lambda: True
    begun = []

    def data(content: bytes) -> tuple[int, bytes]:
        begun.append(True)
        return SMTP.data(smtp, content)

    smtp.data = data  # type: ignore[method-assign,assignment]
    return lambda: bool(begun)


def _said(problem: Exception) -> str:
    return f"The mail server broke off: {type(problem).__name__} {problem}".strip()
