"""The members of a shop, and who was asked to become one."""

from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from kombu.exceptions import OperationalError

from common.errors import DomainError
from portal.access import ShopRequest, shop_page
from shops.invitations import VALID_FOR, Invited, invite, withdraw_invitation
from shops.members import change_role, members_of, remove_member
from shops.models import Invitation, Membership, Role, Shop
from shops.tasks import send_invitation

ROOM = "settings"


def role_field() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=gettext_lazy("Role"), choices=Role.choices, coerce=Role, initial=Role.VIEWER
    )


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        error_messages={"invalid": gettext_lazy("Write an address such as name@example.com.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    role = role_field()


class RoleForm(forms.Form):
    role = role_field()


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.ADMIN)
def members(request: ShopRequest, shop: Shop) -> HttpResponse:
    """The list; and asking one more person in."""
    form = InviteForm(request.POST or None)
    if form.is_valid():
        try:
            invited = invite(shop, invited_by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("email", refusal.message)
        else:
            return _show_link(request, shop, invited)
    status = 422 if form.errors else 200
    return _page(request, shop, form, status=status)


@require_POST
@shop_page(Role.ADMIN)
def change_member(request: ShopRequest, shop: Shop, membership_id: UUID) -> HttpResponse:
    membership = _member(shop, membership_id)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            change_role(membership, form.cleaned_data["role"])
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            said = _("%(person)s is %(role)s now.")
            names = {"person": membership.user, "role": membership.get_role_display()}
            messages.success(request, said % names)
    return redirect("portal:members", slug=shop.slug)


@require_POST
@shop_page(Role.ADMIN)
def drop_member(request: ShopRequest, shop: Shop, membership_id: UUID) -> HttpResponse:
    membership = _member(shop, membership_id)
    try:
        remove_member(membership)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("portal:members", slug=shop.slug)
    if membership.user == request.user:
        messages.success(request, _("You are no longer a member of %s.") % shop.name)
        return redirect("portal:shops")
    messages.success(request, _("%s is no longer a member.") % membership.user)
    return redirect("portal:members", slug=shop.slug)


@require_POST
@shop_page(Role.ADMIN)
def drop_invitation(request: ShopRequest, shop: Shop, invitation_id: UUID) -> HttpResponse:
    invitation = get_object_or_404(Invitation, shop=shop, id=invitation_id)
    withdraw_invitation(invitation)
    messages.success(request, _("The invitation of %s is withdrawn.") % invitation.email)
    return redirect("portal:members", slug=shop.slug)


def _page(request: ShopRequest, shop: Shop, form: InviteForm, *, status: int) -> HttpResponse:
    context = {
        "members": members_of(shop),
        "roles": Role.choices,
        "invitations": Invitation.objects.filter(shop=shop),
        "form": form,
        "room": ROOM,
    }
    return render(request, "portal/people/members.html", context, status=status)


def _show_link(request: ShopRequest, shop: Shop, invited: Invited) -> HttpResponse:
    """Mailed by a worker; and shown, should the mail not arrive. A message would keep the link."""
    path = reverse("portal:invitation", kwargs={"token": invited.token})
    url = f"{settings.BASE_URL}{path}"
    context = {
        "invitation": invited.invitation,
        "url": url,
        "days": VALID_FOR.days,
        "is_mailed": _mail(invited.invitation, url),
        "room": ROOM,
    }
    return render(request, "portal/people/invited.html", context)


def _mail(invitation: Invitation, url: str) -> bool:
    try:
        said = (str(invitation.id), url, get_language() or "en")
        send_invitation.apply_async(said, expires=3600)
    except OperationalError:
        return False
    return True


def _member(shop: Shop, membership_id: UUID) -> Membership:
    return get_object_or_404(members_of(shop), id=membership_id)
