"""An admin of a shop makes a further one in the same organization, and is its first admin."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from portal.access import ShopRequest, shop_page
from portal.shop_settings import ShopForm
from shops.models import Role, Shop, User
from shops.services import add_member, create_shop


class FurtherShopForm(ShopForm):
    class Meta(ShopForm.Meta):
        fields = ("name", "slug", "timezone", "currency", "language")
        labels = {**ShopForm.Meta.labels, "slug": _("Name in addresses")}
        help_texts = {
            "slug": _(
                "Lower-case letters, digits and hyphens. It stands in every address of the shop "
                "and cannot be changed later."
            ),
        }
        error_messages = {"slug": {"unique": _("There is such a shop already.")}}


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.ADMIN)
def further_shop(request: ShopRequest, shop: Shop) -> HttpResponse:
    alike = {name: getattr(shop, name) for name in ("timezone", "currency", "language")}
    form = FurtherShopForm(request.POST or None, initial=alike)
    if form.is_valid():
        try:
            made = _make(shop, request.user, form.cleaned_data)
        except DomainError as refusal:
            form.add_error("slug", refusal.message)
        else:
            return redirect("portal:setup", slug=made.slug)
    status = 422 if form.errors else 200
    return render(request, "portal/shops/further.html", {"form": form}, status=status)


@transaction.atomic
def _make(shop: Shop, person: User, said: dict[str, str]) -> Shop:
    made = create_shop(organization=shop.organization.name, **said)
    add_member(made, person, Role.ADMIN)
    return made
