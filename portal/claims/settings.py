"""How a shop takes claims: which flows, for how long, and the rules that decide the simple ones."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from claims.flows import PLANS
from claims.models import ClaimRule, ClaimSettings, Flow
from portal.access import ShopRequest, shop_page
from shops.models import Role, Shop


class SettingsForm(forms.Form):
    flows = forms.MultipleChoiceField(
        label=gettext_lazy("What customers can report"),
        choices=Flow.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    complaint_days = forms.IntegerField(
        label=gettext_lazy("Days after the delivery for complaints"), min_value=1, max_value=730
    )
    return_days = forms.IntegerField(
        label=gettext_lazy("Days after the delivery for returns"), min_value=1, max_value=730
    )
    missing_after_days = forms.IntegerField(
        label=gettext_lazy("Days after which a parcel may be missing"),
        help_text=gettext_lazy("Counted from its sending, where nobody said when it arrives."),
        min_value=1,
        max_value=120,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.ADMIN)
def claim_settings(request: ShopRequest, shop: Shop) -> HttpResponse:
    settings = ClaimSettings.of(shop)
    form = SettingsForm(request.POST or None, initial=_initial(settings))
    if request.method == "POST" and form.is_valid():
        _save(shop, form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("portal:claim_settings", slug=shop.slug)
    context: dict[str, Any] = {
        "form": form,
        "plans": PLANS.values(),
        "on": set(form["flows"].value() or ()),
        "rules": list(ClaimRule.objects.of(shop)),
    }
    return render(request, "portal/claims/settings.html", context)


def _initial(settings: ClaimSettings) -> dict[str, Any]:
    return {
        "flows": [flow for flow in Flow.values if flow not in settings.flows_off],
        "complaint_days": settings.complaint_days,
        "return_days": settings.return_days,
        "missing_after_days": settings.missing_after_days,
    }


@transaction.atomic
def _save(shop: Shop, said: dict[str, Any]) -> None:
    ClaimSettings.objects.update_or_create(
        shop=shop,
        defaults={
            "flows_off": [flow for flow in Flow.values if flow not in said["flows"]],
            "complaint_days": said["complaint_days"],
            "return_days": said["return_days"],
            "missing_after_days": said["missing_after_days"],
        },
    )
