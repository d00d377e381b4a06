"""A shop's discounts, and the form of one."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.discounts import change_discount, create_discount, delete_discount, find_discount
from campaigns.errors import DiscountNotFound
from campaigns.models import Campaign, Discount
from campaigns.promotion import discount_words
from common.errors import DomainError
from portal.access import ShopRequest, shop_page
from portal.campaigns.forms import DiscountForm
from shops.models import Role, Shop

MOST_SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class DiscountItem:
    discount: Discount
    worth: str
    campaigns: list[Campaign]


@require_safe
@shop_page()
def discount_list(request: ShopRequest, shop: Shop) -> HttpResponse:
    discounts = list(Discount.objects.of(shop).order_by("-created_at", "-id")[: MOST_SHOWN + 1])
    context = {
        "items": _items(shop, discounts[:MOST_SHOWN]),
        "has_more": len(discounts) > MOST_SHOWN,
        "most": MOST_SHOWN,
        "may_edit": Role(request.member.role).includes(Role.EDITOR),
    }
    return render(request, "portal/campaigns/discounts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.EDITOR)
def new_discount(request: ShopRequest, shop: Shop) -> HttpResponse:
    return _edit(request, shop, None)


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.EDITOR)
def edit_discount(request: ShopRequest, shop: Shop, discount_id: UUID) -> HttpResponse:
    return _edit(request, shop, _find(shop, discount_id))


@require_POST
@shop_page(Role.EDITOR)
def remove_discount(request: ShopRequest, shop: Shop, discount_id: UUID) -> HttpResponse:
    discount = _find(shop, discount_id)
    delete_discount(discount)
    messages.success(request, _("%s is deleted.") % discount.code)
    return redirect("portal:discounts", slug=shop.slug)


def _edit(request: ShopRequest, shop: Shop, discount: Discount | None) -> HttpResponse:
    form = DiscountForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(discount) if discount else None,
    )
    if form.is_valid():
        try:
            if discount is None:
                saved = create_discount(shop, form.changes())
            else:
                saved = change_discount(discount, form.changes())
        except DomainError as refusal:
            form.add_error("code", refusal.message)
        else:
            messages.success(request, _("%s is saved.") % saved.code)
            return redirect("portal:discounts", slug=shop.slug)
    return render(request, "portal/campaigns/discount.html", {"form": form, "discount": discount})


def _find(shop: Shop, discount_id: UUID) -> Discount:
    try:
        return find_discount(shop, discount_id)
    except DiscountNotFound as missing:
        raise Http404(missing.message) from None


def _initial(discount: Discount) -> dict[str, object]:
    names = ("code", "title", "type", "value_type")
    value = f"{discount.value.normalize():f}"
    return {**{name: getattr(discount, name) for name in names}, "value": value}


def _items(shop: Shop, discounts: list[Discount]) -> list[DiscountItem]:
    using: dict[UUID, list[Campaign]] = {discount.id: [] for discount in discounts}
    campaigns = Campaign.objects.of(shop).kept().filter(discount_id__in=list(using))
    for campaign in campaigns.order_by("name", "id"):
        if campaign.discount_id is not None:
            using[campaign.discount_id].append(campaign)
    return [
        DiscountItem(
            discount=discount,
            worth=discount_words(discount, shop.currency),
            campaigns=using[discount.id],
        )
        for discount in discounts
    ]
