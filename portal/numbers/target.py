"""The shop's target: how long a delivery should take at most."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from analytics.models import LONGEST_TARGET, DeliveryTarget
from analytics.targets import set_target, target_of
from portal.access import ShopRequest, shop_page
from shops.models import Role, Shop

BUSINESS, ALL = "business", "all"


class TargetForm(forms.Form):
    days = forms.IntegerField(label=gettext_lazy("At most"), min_value=1, max_value=LONGEST_TARGET)
    counted = forms.ChoiceField(
        label=gettext_lazy("Counted in"),
        choices=[
            (BUSINESS, gettext_lazy("business days")),
            (ALL, gettext_lazy("days, weekends too")),
        ],
    )


@require_POST
@shop_page(Role.EDITOR)
def delivery_target(request: ShopRequest, shop: Shop) -> HttpResponse:
    form = TargetForm(request.POST)
    if form.is_valid():
        target = set_target(
            shop,
            days=form.cleaned_data["days"],
            in_business_days=form.cleaned_data["counted"] == BUSINESS,
        )
        messages.success(request, _("The target is %s now.") % target_words(target))
    else:
        messages.error(request, _("A target is between 1 and %d days.") % LONGEST_TARGET)
    return redirect("portal:numbers", slug=shop.slug, part="delivery")


def target_words(target: DeliveryTarget) -> str:
    if target.in_business_days:
        return ngettext("%d business day", "%d business days", target.days) % target.days
    return ngettext("%d day", "%d days", target.days) % target.days


def target_form(shop: Shop) -> TargetForm:
    """Filled with the target that the shop has."""
    target = target_of(shop)
    return TargetForm(
        initial={"days": target.days, "counted": BUSINESS if target.in_business_days else ALL}
    )
