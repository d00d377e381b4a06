"""The console of a shop's webhooks: who is told, how it goes, and repairing what went wrong."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import DomainError
from portal.access import ShopRequest, shop_page
from portal.status import Status
from portal.webhooks.deliveries import latest_deliveries
from portal.webhooks.forms import NewWebhookForm, SignatureForm, TestForm, WebhookForm, WindowForm
from portal.webhooks.inbox import latest_received
from portal.webhooks.samples import SAMPLES
from portal.webhooks.signature import check_signature
from portal.webhooks.status import webhook_status
from shops.models import Role, Shop
from webhooks.models import DeliveryState, Replay, Webhook, WebhookStatus
from webhooks.replay import Selection, preview_replay, start_replay
from webhooks.samples import send_test
from webhooks.selectors import Statistics, statistics_of
from webhooks.services import create_webhook, delete_webhook, rotate_secret, update_webhook

REPLAYS_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class WebhookItem:
    webhook: Webhook
    status: Status
    statistics: Statistics

    @property
    def success_percent(self) -> str:
        """Rounded down, so that 100 % means every one."""
        rate = self.statistics.success_rate
        return "–" if rate is None else f"{int(rate * 1000) / 10:g} %"


@require_safe
@shop_page(Role.ADMIN)
def webhook_list(request: ShopRequest, shop: Shop) -> HttpResponse:
    webhooks = list(Webhook.objects.of(shop))
    return render(request, "portal/webhooks/list.html", {"items": _items(shop, webhooks)})


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.ADMIN)
def new_webhook(request: ShopRequest, shop: Shop) -> HttpResponse:
    form = NewWebhookForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            webhook, secret = create_webhook(
                shop,
                url=said["url"],
                enabled_events=said["enabled_events"],
                description=said["description"],
                secret=said["secret"] or None,
            )
        except DomainError as refusal:
            _show(form, refusal)
        else:
            return _show_secret(request, webhook, secret)
    return render(request, "portal/webhooks/form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.ADMIN)
def edit_webhook(request: ShopRequest, shop: Shop, webhook_id: UUID) -> HttpResponse:
    webhook = _find(shop, webhook_id)
    form = WebhookForm(request.POST) if request.method == "POST" else WebhookForm.of(webhook)
    if form.is_valid():
        try:
            update_webhook(webhook, **form.cleaned_data)
        except DomainError as refusal:
            _show(form, refusal)
        else:
            return redirect("portal:webhook", slug=shop.slug, webhook_id=webhook.id)
    return render(request, "portal/webhooks/form.html", {"form": form, "webhook": webhook})


@require_safe
@shop_page(Role.ADMIN)
def webhook_page(request: ShopRequest, shop: Shop, webhook_id: UUID) -> HttpResponse:
    webhook = _find(shop, webhook_id)
    state = request.GET.get("state", "")
    page = latest_deliveries(
        shop,
        webhook,
        state=DeliveryState(state) if state in DeliveryState.values else None,
        after=request.GET.get("after", ""),
    )
    [item] = _items(shop, [webhook])
    context = {
        "item": item,
        "webhook": webhook,
        "page": page,
        "states": DeliveryState,
        "state": state,
        "received": latest_received(shop, webhook) if webhook.is_inbox else [],
        "test_form": TestForm(initial={"event": "shipments/delivered/SUCCESSFULLY_DELIVERED"}),
        "replays": Replay.objects.of(shop)
        .filter(webhook=webhook)
        .order_by("-created_at")[:REPLAYS_SHOWN],
    }
    return render(request, "portal/webhooks/webhook.html", context)


@require_POST
@shop_page(Role.ADMIN)
def switch_webhook(request: ShopRequest, shop: Shop, webhook_id: UUID) -> HttpResponse:
    webhook = _find(shop, webhook_id)
    is_on = request.POST.get("status") == WebhookStatus.ACTIVE
    update_webhook(webhook, status=WebhookStatus.ACTIVE if is_on else WebhookStatus.INACTIVE)
    done = _("It is active; what waited goes on.") if is_on else _("It is paused.")
    messages.success(request, done)
    return redirect("portal:webhook", slug=shop.slug, webhook_id=webhook.id)


@require_POST
@shop_page(Role.ADMIN)
def rotate_webhook(request: ShopRequest, shop: Shop, webhook_id: UUID) -> HttpResponse:
    webhook, secret = rotate_secret(_find(shop, webhook_id))
    return _show_secret(request, webhook, secret)


@require_POST
@shop_page(Role.ADMIN)
def remove_webhook(request: ShopRequest, shop: Shop, webhook_id: UUID) -> HttpResponse:
    webhook = _find(shop, webhook_id)
    delete_webhook(webhook)
    messages.success(request, _("The webhook to %s is deleted.") % webhook.address)
    return redirect("portal:webhooks", slug=shop.slug)


@require_POST
@shop_page(Role.ADMIN)
def test_webhook(request: ShopRequest, shop: Shop, webhook_id: UUID) -> HttpResponse:
    webhook, form = _find(shop, webhook_id), TestForm(request.POST)
    webhook.shop = shop
    try:
        if not form.is_valid():
            messages.error(request, _("There is no such event."))
        else:
            delivery = send_test(webhook, form.cleaned_data["event"])
            return redirect(
                "portal:delivery", slug=shop.slug, webhook_id=webhook.id, delivery_id=delivery.id
            )
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("portal:webhook", slug=shop.slug, webhook_id=webhook.id)


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.ADMIN)
def replay_webhook(request: ShopRequest, shop: Shop, webhook_id: UUID) -> HttpResponse:
    """With a window in the address, what a replay of it would send; posted, the replay starts."""
    webhook = _find(shop, webhook_id)
    said = request.POST if request.method == "POST" else request.GET
    form = WindowForm(said or None, initial={"start": timezone.now() - timedelta(days=1)})
    context: dict[str, Any] = {"form": form, "webhook": webhook}
    if form.is_valid():
        selection = Selection(
            start=form.cleaned_data["start"],
            end=form.cleaned_data["end"] or timezone.now(),
            events=form.cleaned_data["events"],
            only_undelivered=form.cleaned_data["only_undelivered"],
        )
        if request.method == "POST":
            try:
                start_replay(webhook, selection)
                messages.success(request, _("The replay has begun; deliveries follow below."))
            except DomainError as refusal:
                messages.error(request, refusal.message)
            return redirect("portal:webhook", slug=shop.slug, webhook_id=webhook.id)
        context["preview"] = preview_replay(webhook, selection)
    return render(request, "portal/webhooks/replay.html", context)


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.ADMIN)
def signature_page(request: ShopRequest, shop: Shop) -> HttpResponse:
    form = SignatureForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "samples": SAMPLES}
    if form.is_valid():
        context["finding"] = check_signature(**form.cleaned_data)
    return render(request, "portal/webhooks/signature.html", context)


def _find(shop: Shop, webhook_id: UUID) -> Webhook:
    return get_object_or_404(Webhook.objects.of(shop), id=webhook_id)


def _items(shop: Shop, webhooks: list[Webhook]) -> list[WebhookItem]:
    statistics = statistics_of(shop, webhooks)
    return [
        WebhookItem(webhook=one, status=webhook_status(one), statistics=statistics[one.id])
        for one in webhooks
    ]


def _show(form: forms.Form, refusal: DomainError) -> None:
    name = next((f.field for f in refusal.faults if f.field in form.fields), None)
    form.add_error(name, refusal.faults[0].msg if name else refusal.message)


def _show_secret(request: ShopRequest, webhook: Webhook, secret: str) -> HttpResponse:
    """On a page that no address leads to: it is shown this once."""
    context = {"webhook": webhook, "secret": secret}
    return render(request, "portal/webhooks/secret.html", context)
