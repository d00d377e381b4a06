"""Following the link of an invitation: make an account, or join with the one that is there."""

from typing import Any

from allauth.usersessions.models import UserSession
from django import forms
from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from common.audit import address_of
from common.errors import DomainError
from shops.invitations import (
    accept_invitation,
    find_invitation,
    invited_user,
    register_invited,
)
from shops.models import Invitation, Membership, User


class AccountForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        help_text=_("At least 12 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str) -> None:
        super().__init__(*args)
        self.email = email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.email, name=self.data.get("name", "")))
        return password


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    try:
        found = find_invitation(token)
        has_account = request.user.is_authenticated or invited_user(found)
        return (_join if has_account else _register)(request, found, token)
    except DomainError as refusal:
        context = {"refusal": refusal.message}
        return render(request, "portal/people/no_invitation.html", context, status=404)


def _join(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    """With the account that has the address; its owner logs in first."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if request.method == "POST":
        return _enter(accept_invitation(token, request.user))
    is_theirs = request.user.email.casefold() == found.email.casefold()
    context = {"invitation": found, "is_theirs": is_theirs}
    return render(request, "portal/people/invitation.html", context)


def _register(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    form = AccountForm(*([request.POST] if request.method == "POST" else []), email=found.email)
    if form.is_valid():
        try:
            membership = register_invited(token, **form.cleaned_data, address=address_of(request))
        except ValidationError as weak:
            form.add_error("password", weak)
        else:
            login(request, membership.user, backend="portal.login.PasswordBackend")
            UserSession.objects.create_from_request(request)
            return _enter(membership)
    context = {"invitation": found, "form": form}
    status = 422 if form.errors else 200
    return render(request, "portal/people/invitation.html", context, status=status)


def _enter(membership: Membership) -> HttpResponse:
    return redirect("portal:shop", slug=membership.shop.slug)
