"""What is done to many orders of the list at once: first the question, then a job."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.access import ShopRequest, shop_page
from portal.jobs.asking import ask_for_job
from portal.jobs.cancel_orders import MOST_TICKED, found_orders, ticked_orders
from portal.jobs.kinds import CANCEL_ORDERS
from shops.models import Role, Shop

MOST_COUNTED = 100_000


class SelectionForm(forms.Form):
    """`order`: those that were ticked; or `query`, with `everything`: all that it finds."""

    query = forms.CharField(required=False, max_length=2000)
    everything = forms.BooleanField(required=False)
    confirmed = forms.BooleanField(required=False)


@require_POST
@shop_page(Role.EDITOR)
def cancel_many(request: ShopRequest, shop: Shop) -> HttpResponse:
    form = SelectionForm(request.POST)
    ids = [one for one in request.POST.getlist("order") if _is_id(one)][:MOST_TICKED]
    if not form.is_valid() or not (ids or form.cleaned_data["everything"]):
        messages.error(request, _("Tick the orders first: nothing was done."))
        return redirect("portal:orders", slug=shop.slug)
    said = form.cleaned_data
    if said["confirmed"]:
        asked = (
            {"query": said["query"], "until": timezone.now().isoformat()}
            if said["everything"]
            else {"ids": ids}
        )
        job = ask_for_job(shop, kind=CANCEL_ORDERS, asked=asked)
        return redirect("portal:job", slug=shop.slug, job_id=job.id)
    orders = found_orders(shop, said["query"]) if said["everything"] else ticked_orders(shop, ids)
    context = {
        "count": orders.order_by()[:MOST_COUNTED].count(),
        "ids": [] if said["everything"] else ids,
        "said": said,
        "room": "orders",
    }
    return render(request, "portal/jobs/cancel_orders.html", context)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
