"""Logging in with e-mail and password; wrong ones are counted by django-axes and `sprayed`."""

from typing import Any

from allauth.account.utils import perform_login
from django import forms
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import LoginView
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from common.addresses import client_address
from portal.spraying import WINDOW, is_spraying
from shops.models import User


class PasswordBackend(ModelBackend):
    """Tells the form who is switched off, so that it can say so to who knows the password.

    Nobody who is switched off gets in: the forms refuse them, and their sessions end.
    """

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        return True

    def get_user(self, user_id: Any) -> User | None:
        user = super().get_user(user_id)
        return user if user and user.is_active else None


class LogInForm(AuthenticationForm):
    username = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(
            attrs={"autocomplete": "username", "autofocus": True, "spellcheck": "false"}
        ),
        error_messages={
            "required": _("Enter your e-mail address."),
            "invalid": _("Enter an e-mail address, such as name@example.com."),
        },
    )
    error_messages = {
        "invalid_login": _(
            "The e-mail address or the password is wrong. Check both and try again."
        ),
        "inactive": _("Your account is switched off."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].error_messages["required"] = _("Enter your password.")
        for name, field in self.fields.items():
            if self.has_error(name):
                described = {"aria-invalid": "true", "aria-describedby": f"id_{name}_error"}
                field.widget.attrs.update(described)


class LogIn(LoginView):
    form_class = LogInForm
    template_name = "portal/login.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: str, **kwargs: Any) -> HttpResponse:
        if is_spraying(client_address(request)):
            return answer_lockout(request)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Logs in, or asks for the second factor first."""
        answer: HttpResponse = perform_login(
            self.request, form.get_user(), redirect_url=self.get_success_url()
        )
        return answer

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        if form.has_error(NON_FIELD_ERRORS, "inactive"):
            return render(self.request, "portal/switched_off.html", status=403)
        return super().form_invalid(form)


def answer_lockout(
    request: HttpRequest, original_response: object = None, credentials: object = None
) -> HttpResponse:
    """Too many wrong passwords: how long to wait. Called by django-axes too."""
    seconds = int(WINDOW.total_seconds())
    response = render(request, "429.html", {"minutes": seconds // 60}, status=429)
    response["Retry-After"] = str(seconds)
    return response


def typed_username(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Whose password was tried, as django-axes counts: any spelling that finds the same account.

    PostgreSQL compares in upper case, where ſ is S and ı is I, so lower case alone would let
    such spellings have tries of their own.
    """
    typed = (credentials or {}).get("username") or request.POST.get("username") or ""
    return str(typed).strip().upper().casefold()[:255]
