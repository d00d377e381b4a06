"""Ways to look at a room under names: a person's own, or everybody's in the shop.

What can be saved in which room is said by `portal.saved_rooms`.
"""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import Conflict, DomainError
from portal.access import ShopRequest, shop_page
from portal.models import SavedFilter, SavedRoom
from portal.saved_rooms import SAVABLE
from shops.models import Role, Shop, User

MOST_SAVED = 50
"""Of one person, and of all together, in a shop."""


class NameForm(forms.Form):
    name = forms.CharField(
        max_length=60,
        error_messages={
            "required": gettext_lazy("Give it a name."),
            "max_length": gettext_lazy("The name is too long: 60 characters are enough."),
        },
    )


class SaveForm(NameForm):
    query = forms.CharField(required=False, max_length=2000)
    is_shared = forms.BooleanField(required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page()
def saved_filters(request: ShopRequest, shop: Shop, room: SavedRoom) -> HttpResponse:
    """What was saved, to rename and delete; POST saves another one."""
    if request.method == "POST":
        return _save(request, shop, room)
    savable = SAVABLE[room]
    saved = SavedFilter.objects.of(shop).seen_by(request.user, in_room=room)
    context = {
        "savable": savable,
        "saved": [(one, savable.address(shop, one.query)) for one in saved],
        "back": savable.address(shop, ""),
        "rename_url": f"portal:{savable.page}_rename",
        "delete_url": f"portal:{savable.page}_delete",
        "may_share": _may_share(request),
    }
    return render(request, "portal/saved_filters.html", context)


@require_POST
@shop_page()
def rename_saved_filter(
    request: ShopRequest, shop: Shop, filter_id: UUID, room: SavedRoom
) -> HttpResponse:
    saved = _own_or_shared(request, shop, filter_id, room)
    form = NameForm(request.POST)
    if not form.is_valid():
        messages.error(request, _first_error(form))
    else:
        try:
            rename_filter(saved, name=form.cleaned_data["name"])
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("It is called “%s” now.") % saved.name)
    return redirect(f"portal:{SAVABLE[room].page}s", slug=shop.slug)


@require_POST
@shop_page()
def delete_saved_filter(
    request: ShopRequest, shop: Shop, filter_id: UUID, room: SavedRoom
) -> HttpResponse:
    saved = _own_or_shared(request, shop, filter_id, room)
    saved.delete()
    messages.success(request, _("“%s” is deleted.") % saved.name)
    return redirect(f"portal:{SAVABLE[room].page}s", slug=shop.slug)


def save_filter(
    shop: Shop,
    *,
    owner: User | None,
    name: str,
    query: str,
    room: SavedRoom = SavedRoom.SHIPMENTS,
) -> SavedFilter:
    """Of a person, or of the shop where `owner` is None; refuses a name that is taken."""
    if SavedFilter.objects.of(shop).filter(owner=owner, room=room).count() >= MOST_SAVED:
        raise Conflict(_("There are %d of them already; delete one first.") % MOST_SAVED)
    try:
        with transaction.atomic():
            return SavedFilter.objects.create(
                shop=shop, owner=owner, name=name, query=query, room=room
            )
    except IntegrityError:
        raise Conflict(_name_taken(name)) from None


def rename_filter(saved: SavedFilter, *, name: str) -> None:
    """Refuses a name that is taken."""
    before, saved.name = saved.name, name
    try:
        with transaction.atomic():
            saved.save(update_fields=["name"])
    except IntegrityError:
        saved.name = before
        raise Conflict(_name_taken(name)) from None


def _save(request: ShopRequest, shop: Shop, room: SavedRoom) -> HttpResponse:
    form, savable = SaveForm(request.POST), SAVABLE[room]
    query = savable.query(shop, request.POST.get("query", ""))
    back = redirect(savable.address(shop, query))
    if not form.is_valid():
        messages.error(request, _first_error(form))
        return back
    if not query:
        messages.error(request, savable.nothing)
        return back
    is_shared = form.cleaned_data["is_shared"]
    if is_shared and not _may_share(request):
        raise PermissionDenied("What everybody in the shop has is saved by editors.")
    try:
        owner = None if is_shared else request.user
        name = form.cleaned_data["name"]
        saved = save_filter(shop, owner=owner, name=name, query=query, room=room)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Saved as “%s”.") % saved.name)
    return back


def _own_or_shared(
    request: ShopRequest, shop: Shop, filter_id: UUID, room: SavedRoom
) -> SavedFilter:
    """One that this person may change; other people's do not exist."""
    seen = SavedFilter.objects.of(shop).seen_by(request.user, in_room=room)
    saved = get_object_or_404(seen, id=filter_id)
    if saved.is_shared and not _may_share(request):
        raise PermissionDenied("What everybody in the shop has is changed by editors.")
    return saved


def _may_share(request: ShopRequest) -> bool:
    return Role(request.member.role).includes(Role.EDITOR)


def _first_error(form: forms.Form) -> str:
    return str(next(iter(form.errors.values()))[0])


def _name_taken(name: str) -> str:
    return _("There is one called “%s” already; choose another name.") % name
