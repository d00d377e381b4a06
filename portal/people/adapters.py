"""How allauth behaves here: nobody signs up, mails go out by a worker, secrets lie encrypted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest
from kombu.exceptions import OperationalError

from common.addresses import client_address
from common.audit import address_of, edited_by
from common.encryption import decrypt, encrypt
from shops.models import User
from shops.several_shops import note_ended_session, note_new_password, note_second_factor
from shops.tasks import mail

SECOND_FACTORS = {
    "mfa/email/totp_activated": ("", "authenticator app"),
    "mfa/email/totp_deactivated": ("authenticator app", ""),
    "mfa/email/webauthn_added": ("", "security key"),
    "mfa/email/webauthn_removed": ("security key", ""),
    "mfa/email/recovery_codes_generated": ("recovery codes", "new recovery codes"),
}
"""What allauth tells a person by mail, by its template: what they had, and have now."""
NEW_PASSWORDS = {
    "account/email/password_changed",
    "account/email/password_reset",
    "account/email/password_set",
}
"""Mails that tell of one, by their templates."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """What mails say they come from: never what a request's Host header says."""

    name: str
    domain: str


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def format_email_subject(self, subject: str) -> str:
        return subject

    def get_reset_password_from_key_url(self, key: str) -> str:
        """At BASE_URL: who asks for somebody else's mail does not choose where its link leads."""
        path = urlsplit(super().get_reset_password_from_key_url(key)).path
        return f"{settings.BASE_URL}{path}"

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """To the address that the person logs in with; allauth's own list of addresses is empty.

        What is told of second factors and of passwords stands in the audit of the person's shops,
        too.
        """
        if template_prefix in NEW_PASSWORDS:
            _note_new_password(user)
        if change := SECOND_FACTORS.get(template_prefix):
            note_second_factor(user, was=change[0], now=change[1])
        super().send_notification_mail(template_prefix, user, context, email or user.email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """By a worker: how long it takes would tell whether there is such an account."""
        site = Site(name="Karla Portal", domain=settings.BASE_URL)
        usual = {"email": email, "request": current.request, "current_site": site}
        message = self.render_mail(template_prefix, email, {**usual, **context})
        said = (message.subject, message.body, list(message.to))
        try:
            mail.apply_async(said, expires=3600)
        except OperationalError:
            message.send()


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def get_totp_issuer(self) -> str:
        return "Karla Portal"

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)


class SessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]
    def end_sessions(self, sessions: Sequence[UserSession]) -> None:
        """Whichever a person ends stands in the audit of their shops."""
        for session in sessions:
            note_ended_session(session.user, where=str(session))
        super().end_sessions(sessions)


def _note_new_password(user: User) -> None:
    """Also where nobody is logged in, but follows the link of a mail about a forgotten one."""
    if current.request.user.is_authenticated:
        note_new_password(user)
    else:
        with edited_by(user, address=address_of(current.request)):
            note_new_password(user)
