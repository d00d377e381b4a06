"""A customer's data: find it, take it out as a file, or erase it."""

from dataclasses import dataclass
from uuid import UUID

from auditlog.models import LogEntry
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.validators import validate_email
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jobs.models import Job
from portal.access import ShopRequest, shop_page
from portal.jobs.asking import ask_for_job
from portal.jobs.kinds import ERASE_CUSTOMER, EXPORT_CUSTOMER
from portal.privacy.called import names_of
from portal.privacy.finding import Found, chosen_orders, find_customer, is_address
from portal.privacy.holdings import HELD
from portal.status import Status, Tone
from privacy.erasing import Counted, count_held
from privacy.exporting import KEPT_FOR
from privacy.held import Customer
from privacy.models import Erasure, Export
from privacy.requests import ask_for_erasure, ask_for_export, erasures_of
from shops.models import Role, Shop

ROOM = "settings"
MOST_SHOWN = 20


class AddressForm(forms.Form):
    """Sent in a body, never in a URL: those are written into logs and histories."""

    address = forms.CharField(
        label=gettext_lazy("The customer’s e-mail"),
        help_text=gettext_lazy("Of a customer who has none: their name, phone or ZIP code."),
        min_length=3,
        max_length=320,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_address(self) -> str:
        said: str = self.cleaned_data["address"]
        if is_address(said):
            validate_email(said)
        return said


@dataclass(frozen=True, kw_only=True)
class ShownExport:
    export: Export
    status: Status
    is_mine: bool

    @property
    def may_be_downloaded(self) -> bool:
        return self.is_mine and self.export.ready_at is not None


@dataclass(frozen=True, kw_only=True)
class ShownErasure:
    erasure: Erasure
    job: Job | None
    """That does it, while it is kept."""

    @property
    def is_cut_short(self) -> bool:
        """Stopped or broken off: something of the customer is left."""
        is_over = self.job is not None and not self.job.is_running
        return is_over and self.erasure.finished_at is None


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.ADMIN)
def customer_data(request: ShopRequest, shop: Shop) -> HttpResponse:
    form = AddressForm(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form, "room": ROOM}
    if form.is_valid():
        address = form.cleaned_data["address"]
        found = find_customer(shop, address)
        is_email = is_address(address)
        erased = erasures_of(shop, address) if is_email else []
        context |= {"address": address, "is_email": is_email, "found": found, "erased": erased}
    exports = Export.objects.of(shop).filter(created_at__gt=timezone.now() - KEPT_FOR)
    context |= {
        "exports": [_shown(request, one) for one in exports.order_by("-created_at")[:MOST_SHOWN]],
        "erasures": _shown_erasures(shop),
    }
    status = 422 if form.errors else 200
    return render(request, "portal/privacy/customer.html", context, status=status)


@require_POST
@shop_page(Role.ADMIN)
def export_customer(request: ShopRequest, shop: Shop) -> HttpResponse:
    address, orders, _found = _chosen(request, shop)
    if address is None:
        return _nothing_chosen(request, shop)
    export = ask_for_export(shop, _email(address), orders, person=request.user)
    job = ask_for_job(shop, kind=EXPORT_CUSTOMER, asked={"export": str(export.id)})
    return redirect("portal:job", slug=shop.slug, job_id=job.id)


@require_POST
@shop_page(Role.ADMIN)
def erase_customer(request: ShopRequest, shop: Shop) -> HttpResponse:
    """First what would go; then, once the address is typed, the job that does it."""
    address, orders, found = _chosen(request, shop)
    if address is None:
        return _nothing_chosen(request, shop)
    typed, is_wrong = request.POST.get("typed"), False
    if typed is not None:
        if typed.strip().casefold() == address.strip().casefold():
            erasure = ask_for_erasure(shop, _email(address), orders)
            job = ask_for_job(shop, kind=ERASE_CUSTOMER, asked={"erasure": str(erasure.id)})
            return redirect("portal:job", slug=shop.slug, job_id=job.id)
        is_wrong = True
    names = names_of(shop, orders)
    customer = Customer(shop=shop, orders=orders, address=_email(address), names=names)
    counted = count_held(customer, HELD)
    context = {
        "address": address,
        "is_email": is_address(address),
        "orders": orders,
        "ticked": [order for order in found.suggested if order.id in set(orders)],
        "gone": _of_fate(counted, goes=True),
        "emptied": _of_fate(counted, goes=False),
        "kept": [one for one in counted if not one.held.goes and not one.held.becomes],
        "is_wrong": is_wrong,
        "room": ROOM,
    }
    status = 422 if is_wrong else 200
    return render(request, "portal/privacy/erase.html", context, status=status)


@require_safe
@shop_page(Role.ADMIN)
def download_export(request: ShopRequest, shop: Shop, export_id: UUID) -> HttpResponseBase:
    """For who asked for it and nobody else, no staff on a visit either; the audit says when."""
    if getattr(request, "visit", None) is not None:
        raise PermissionDenied("An export is for the person who asked for it.")
    exports = Export.objects.of(shop).filter(person=request.user).exclude(ready_at=None)
    recent = exports.filter(created_at__gt=timezone.now() - KEPT_FOR)
    export = get_object_or_404(recent, id=export_id)
    try:
        file = default_storage.open(export.file)
    except FileNotFoundError:
        raise Http404(_("The file is gone.")) from None
    LogEntry.objects.log_create(export, action=LogEntry.Action.ACCESS, force_log=True)
    name = f"customer-{export.reference}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


def _chosen(request: ShopRequest, shop: Shop) -> tuple[str | None, list[UUID], Found]:
    form = AddressForm(request.POST)
    if not form.is_valid():
        return None, [], Found(orders=[])
    address: str = form.cleaned_data["address"]
    found = find_customer(shop, address)
    orders = chosen_orders(found, request.POST.getlist("order"))
    if not orders and not is_address(address):
        return None, [], found
    return address, orders, found


def _email(said: str) -> str:
    """Empty of who has none."""
    return said if is_address(said) else ""


def _nothing_chosen(request: ShopRequest, shop: Shop) -> HttpResponse:
    messages.error(request, _("Say first whose data it is: nothing was done."))
    return redirect("portal:customer_data", slug=shop.slug)


def _of_fate(counted: list[Counted], *, goes: bool) -> list[Counted]:
    return [one for one in counted if one.held.goes is goes and (goes or one.held.becomes)]


def _shown_erasures(shop: Shop) -> list[ShownErasure]:
    erasures = list(Erasure.objects.of(shop).order_by("-created_at", "-id")[:MOST_SHOWN])
    ids = [str(one.id) for one in erasures if one.finished_at is None]
    jobs = Job.objects.of(shop).filter(kind=ERASE_CUSTOMER, asked__erasure__in=ids)
    by_erasure = {job.asked["erasure"]: job for job in jobs} if ids else {}
    return [ShownErasure(erasure=one, job=by_erasure.get(str(one.id))) for one in erasures]


def _shown(request: ShopRequest, export: Export) -> ShownExport:
    if export.ready_at is not None:
        status = Status(tone=Tone.DELIVERED, word=_("Ready"), since=export.ready_at)
    else:
        status = Status(tone=Tone.MOVING, word=_("Being made"), since=export.created_at)
    return ShownExport(export=export, status=status, is_mine=export.person_id == request.user.id)
