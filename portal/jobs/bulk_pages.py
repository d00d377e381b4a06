"""Before much is done at once: to how many rows, and what has to be said; then a job does it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.access import ShopRequest, shop_page
from portal.jobs.asking import ask_for_job
from portal.jobs.kinds import BULKS
from portal.jobs.ticked import ticked_ids
from shops.models import Role, Shop

MOST_COUNTED = 100_000


class SelectionForm(forms.Form):
    """The ticked rows, under the list's name for them; or `query`, with `everything`."""

    query = forms.CharField(required=False, max_length=2000)
    everything = forms.BooleanField(required=False)
    until = forms.DateTimeField(required=False)
    """When it was asked to how many: what comes later is not meant."""
    confirmed = forms.BooleanField(required=False)


@require_POST
@shop_page(Role.EDITOR)
def do_to_many(request: ShopRequest, shop: Shop, kind: str) -> HttpResponse:
    bulk = next((one for one in BULKS if one.key == kind), None)
    if bulk is None:
        raise Http404("There is nothing of that name to do.")
    if not Role(request.member.role).includes(bulk.role):
        raise PermissionDenied(f"This is for the role {bulk.role.label.lower()}.")
    selection = SelectionForm(request.POST)
    back = resolve_url(f"portal:{bulk.rows.page}", slug=shop.slug)
    if query := request.POST.get("query"):
        back = f"{back}?{query}"
    ticked = ticked_ids(request.POST, bulk.rows)
    if not selection.is_valid() or not (ticked or selection.cleaned_data["everything"]):
        messages.error(request, _("Tick some rows first: nothing was done."))
        return redirect(back)
    said = selection.cleaned_data
    ids = None if said["everything"] else ticked
    until = said["until"] or timezone.now()
    rows = bulk.selected(shop, ids=ids, query=said["query"], until=until)
    form = bulk.form(request.POST if said["confirmed"] else None)
    if form.is_valid() and (refusal := bulk.refuses(rows, form.cleaned_data)):
        form.add_error(None, refusal)
    if form.is_valid():
        found = {"query": said["query"], "until": until.isoformat()}
        asked = {**(found if ids is None else {"ids": ids}), "said": form.cleaned_data}
        job = ask_for_job(shop, kind=bulk.key, asked=asked)
        return redirect("portal:job", slug=shop.slug, job_id=job.id)
    count = rows.order_by()[:MOST_COUNTED].count()
    context = {
        "bulk": bulk,
        "question": bulk.question(count),
        "button": bulk.button(count),
        "count": count,
        "form": form,
        "ids": ids or [],
        "said": said,
        "until": until.isoformat(),
        "back": back,
        "room": bulk.rows.page,
    }
    return render(request, "portal/jobs/bulk.html", context)
