"""What a shop is called, its clock, its currency and its language."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from portal.access import ShopRequest, shop_page
from shops.models import Role, Shop


class ShopForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Shop
        fields: tuple[str, ...] = ("name", "timezone", "currency", "language")
        labels = {
            "name": gettext_lazy("Name"),
            "timezone": gettext_lazy("Time zone"),
            "currency": gettext_lazy("Currency"),
            "language": gettext_lazy("Language"),
        }
        help_texts = {
            "timezone": gettext_lazy(
                "By its clock days begin and end: after a change all numbers are counted anew."
            ),
            "currency": gettext_lazy("Of orders that say none; those that there are keep theirs."),
            "language": gettext_lazy("Of pages and mails for customers who ask for no other one."),
        }


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.ADMIN)
def shop_settings(request: ShopRequest, shop: Shop) -> HttpResponse:
    form = ShopForm(request.POST or None, instance=Shop.objects.get(id=shop.id))
    if form.is_valid():
        form.save()
        messages.success(request, _("The shop is saved."))
        return redirect("portal:shop_settings", slug=shop.slug)
    return render(
        request, "portal/shops/settings.html", {"form": form}, status=422 if form.errors else 200
    )
