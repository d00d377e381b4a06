"""How long a shop keeps what: the settings, what they would forget next, what was forgotten."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from portal.access import ShopRequest, shop_page
from portal.privacy.pages import ROOM
from portal.privacy.retention import count_all_old
from privacy.models import Forgotten, Retention
from shops.models import Role, Shop

MOST_SHOWN = 30


class RetentionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Retention
        fields = Forgotten.What.values
        labels = {
            "order_months": gettext_lazy("Months until customers of finished orders are erased"),
            "page_action_days": gettext_lazy("Days of views and clicks on tracking pages"),
            "mail_days": gettext_lazy("Days of what mails said"),
            "webhook_days": gettext_lazy("Days of deliveries to webhooks"),
            "answer_hours": gettext_lazy("Hours of answers to requests with an Idempotency-Key"),
            "import_days": gettext_lazy("Days of imported files"),
        }
        help_texts = {
            "order_months": gettext_lazy(
                "From 3; empty: never. Nothing may have happened to the order for so long, and no "
                "claim may wait. Laws of commerce and taxes may ask you to keep orders for years: "
                "keep what they ask for in your shop system or here."
            ),
            "page_action_days": gettext_lazy(
                "From 30; empty: as long as the order. Open rates of days that are forgotten fall."
            ),
            "mail_days": gettext_lazy("1 to 30. That there was a mail, and to whom, stays."),
            "webhook_days": gettext_lazy("1 to 30, with every attempt. What still waits stays."),
            "answer_hours": gettext_lazy(
                "1 to 24. A request that is sent again later than that is done again."
            ),
            "import_days": gettext_lazy("1 to 30."),
        }


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.ADMIN)
def retention_page(request: ShopRequest, shop: Shop) -> HttpResponse:
    """First what it would forget at once; only then, confirmed, it holds."""
    kept = Retention.of(shop)
    form = RetentionForm(request.POST or None, instance=kept)
    is_asked = request.method == "POST" and form.is_valid()
    if is_asked and request.POST.get("confirmed"):
        kept = form.save(commit=False)
        kept.updated_at = timezone.now()
        kept.save()
        messages.success(request, _("Saved. What is older is forgotten within the next hours."))
        return redirect("portal:retention", slug=shop.slug)
    context: dict[str, Any] = {
        "form": form,
        "old": count_all_old(shop, form.instance, now=timezone.now()) if is_asked else None,
        "forgotten": Forgotten.objects.of(shop).order_by("-day", "what")[:MOST_SHOWN],
        "room": ROOM,
    }
    status = 422 if form.errors else 200
    return render(request, "portal/privacy/retention.html", context, status=status)
