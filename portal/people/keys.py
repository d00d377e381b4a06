"""A shop's API keys: which programs may call, as what, and when they last did."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import DomainError
from portal.access import ShopRequest, shop_page
from portal.people.members import ROOM, role_field
from portal.status import Status, Tone
from shops.keys import issue_api_key, keys_of, revoke_key_of
from shops.models import ApiKey, Role, Shop, strongest


class KeyForm(forms.Form):
    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=63,
        help_text=gettext_lazy(
            "What the program calls itself by; the shop’s name in URLs will do."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    role = role_field()
    expires_on = forms.DateField(
        label=gettext_lazy("Valid until"),
        required=False,
        help_text=gettext_lazy("That day included. Leave it empty for a key without an end."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write a day, such as 2026-12-31.")},
    )

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if ":" in username:
            raise forms.ValidationError(
                _("HTTP Basic ends the user name at a colon: leave it out.")
            )
        return username

    def clean_expires_on(self) -> datetime | None:
        """The end of that day where the shop is."""
        day = self.cleaned_data["expires_on"]
        if day is None:
            return None
        if day < timezone.localdate():
            raise forms.ValidationError(_("That day is over already."))
        try:
            end = datetime.combine(day + timedelta(days=1), time.min)
        except OverflowError:
            raise forms.ValidationError(_("Leave it empty for a key without an end.")) from None
        return timezone.make_aware(end)


@dataclass(frozen=True, kw_only=True)
class KeyRow:
    key: ApiKey
    role: Role
    """In this shop."""
    is_only_here: bool
    status: Status


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.ADMIN)
def keys(request: ShopRequest, shop: Shop) -> HttpResponse:
    """The list; and issuing one more, which is shown this once."""
    form = KeyForm(request.POST or None, initial={"username": shop.slug, "role": Role.EDITOR})
    if form.is_valid():
        said = form.cleaned_data
        key, secret = issue_api_key(
            organization=shop.organization,
            username=said["username"],
            grants={shop: said["role"]},
            expires_at=said["expires_on"],
        )
        context = {"key": key, "secret": secret, "room": ROOM}
        return render(request, "portal/people/issued.html", context)
    context = {"rows": _rows(shop), "form": form, "room": ROOM}
    status = 422 if form.errors else 200
    return render(request, "portal/people/keys.html", context, status=status)


@require_POST
@shop_page(Role.ADMIN)
def revoke_key(request: ShopRequest, shop: Shop, key_id: UUID) -> HttpResponse:
    key = get_object_or_404(keys_of(shop), id=key_id)
    try:
        revoke_key_of(shop, key)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        said = _("The key %s is revoked: who uses it is locked out.")
        messages.success(request, said % key)
    return redirect("portal:keys", slug=shop.slug)


def _rows(shop: Shop) -> list[KeyRow]:
    return [_row(shop, key) for key in keys_of(shop)]


def _row(shop: Shop, key: ApiKey) -> KeyRow:
    grants = list(key.grants.all())
    here = strongest(grant.role for grant in grants if grant.shop_id in (shop.id, None))
    return KeyRow(
        key=key,
        role=here or Role.VIEWER,
        is_only_here=all(grant.shop_id == shop.id for grant in grants),
        status=_status(key),
    )


def _status(key: ApiKey) -> Status:
    if key.expires_at and key.expires_at <= timezone.now():
        return Status(tone=Tone.FAILED, word=_("Expired"), since=key.expires_at)
    if key.last_used_at is None:
        return Status(tone=Tone.EXPECTED, word=_("Never used"))
    return Status(tone=Tone.DELIVERED, word=_("Used"), since=key.last_used_at)
