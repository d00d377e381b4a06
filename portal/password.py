"""Changing one's own password, such as the generated one that one was given first."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.access import PersonRequest, person_page


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def change_password(request: PersonRequest) -> HttpResponse:
    """Keeps the session it is done in and ends the person's others."""
    form = PasswordChangeForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.save()
        update_session_auth_hash(request, request.user)
        get_adapter().send_notification_mail("account/email/password_changed", request.user)
        done = _("Your password is changed. In other browsers you are logged out.")
        messages.success(request, done)
        return redirect("portal:home")
    return render(request, "portal/password.html", {"form": form})
