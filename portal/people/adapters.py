"""How allauth behaves here: nobody signs up, mails go out by a worker, secrets lie encrypted."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest
from kombu.exceptions import OperationalError

from common.addresses import client_address
from common.encryption import decrypt, encrypt
from shops.tasks import mail


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """By a worker: how long it takes would tell whether there is such an account."""
        request = current.request
        usual = {"email": email, "request": request, "current_site": get_current_site(request)}
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
