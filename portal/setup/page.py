"""From a new shop to its first delivered test parcel, step by step on one page.

The page asks for what changed while it is open, for a while; without scripts it is loaded anew.
What is shown once stands on the answer to the form that made it, and stays there as long as that
page is open: a step is shown anew only when its facts have changed.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import DomainError
from intake.test_parcels import (
    SAMPLE_NUMBER,
    fulfil_sample_order,
    place_sample_order,
    sample_order,
    send_test_parcel,
)
from portal.access import ShopRequest, shop_page
from portal.first_order import PLACEHOLDER, first_order_command
from portal.setup.facts import STEPS, SetupFacts, Step, setup_facts
from shipments.feeds.simulator.stories import STORIES, Speed
from shops.keys import issue_api_key
from shops.models import Role, Shop
from shops.services import end_setup
from webhooks.errors import WebhookNotFound
from webhooks.inbox import INBOX
from webhooks.models import Webhook
from webhooks.samples import send_test
from webhooks.services import create_webhook

MOST_LOOKS = 200
"""Of an open page, one every three seconds: ten minutes."""
TEST_EVENT = "shipments/delivered/SUCCESSFULLY_DELIVERED"


class EndpointForm(forms.Form):
    url = forms.CharField(
        label=gettext_lazy("Address of your endpoint"),
        max_length=2000,
        widget=forms.URLInput(
            attrs={"placeholder": "https://shop.example/webhooks", "autocomplete": "off"}
        ),
    )


@dataclass(frozen=True, kw_only=True)
class ShownStep:
    key: str
    place: int
    template: str
    is_done: bool
    state: str
    """As the page remembers it."""


@require_safe
@shop_page(Role.ADMIN)
def setup(request: ShopRequest, shop: Shop) -> HttpResponse:
    """The page; for htmx, those of its steps that are not as the page shows them."""
    if not request.htmx:
        return _page(request, shop)
    context = _context(request, shop)
    context["steps"] = [
        step for step in context["steps"] if step.state != request.GET.get(step.key, "")
    ]
    response = render(request, "portal/setup/_changes.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.ADMIN)
def setup_key(request: ShopRequest, shop: Shop) -> HttpResponse:
    """One that may edit this shop, shown this once, in the command as well."""
    if request.method != "POST":
        return _back(shop)
    key, secret = issue_api_key(
        organization=shop.organization, username=shop.slug, grants={shop: Role.EDITOR}
    )
    command = first_order_command(request, shop, key=secret)
    return _page(request, shop, new_key=key, secret=secret, command=command)


@require_POST
@shop_page(Role.ADMIN)
def setup_order(request: ShopRequest, shop: Shop) -> HttpResponse:
    """The order that the command sends, for those without a terminal."""
    place_sample_order(shop)
    messages.success(request, _("Order %s is placed.") % SAMPLE_NUMBER)
    return _back(shop)


@require_POST
@shop_page(Role.ADMIN)
def setup_parcel(request: ShopRequest, shop: Shop) -> HttpResponse:
    """Of the sample order where it waits for one, else with an order of its own."""
    send = fulfil_sample_order if sample_order(shop) is not None else send_test_parcel
    try:
        send(shop, story=STORIES["smooth"], speed=Speed.A_DAY_IN_10_SECONDS)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return _back(shop)


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.ADMIN)
def setup_webhook(request: ShopRequest, shop: Shop) -> HttpResponse:
    """One that is told of everything, here or at an endpoint; its secret is shown this once."""
    if request.method != "POST":
        return _back(shop)
    form = EndpointForm({"url": INBOX} if "inbox" in request.POST else request.POST)
    if not form.is_valid():
        return _page(request, shop, status=422, endpoint_form=form)
    try:
        _webhook, secret = create_webhook(shop, url=form.cleaned_data["url"])
    except DomainError as refusal:
        form.add_error("url", refusal.faults[0].msg if refusal.faults else refusal.message)
        return _page(request, shop, status=422, endpoint_form=form)
    return _page(request, shop, webhook_secret=secret)


@require_POST
@shop_page(Role.ADMIN)
def setup_test_event(request: ShopRequest, shop: Shop) -> HttpResponse:
    webhook = Webhook.objects.of(shop).order_by("-created_at").first()
    try:
        if webhook is None:
            raise WebhookNotFound(_("There is no webhook yet."))
        webhook.shop = shop
        send_test(webhook, TEST_EVENT)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return _back(shop)


@require_POST
@shop_page(Role.ADMIN)
def dismiss_setup(request: ShopRequest, shop: Shop) -> HttpResponse:
    end_setup(shop)
    messages.success(request, _("Set up has left the menu; it is still under Settings."))
    return redirect("portal:shop", slug=shop.slug)


def _back(shop: Shop) -> HttpResponse:
    return redirect("portal:setup", slug=shop.slug)


def _page(request: ShopRequest, shop: Shop, *, status: int = 200, **shown: Any) -> HttpResponse:
    context = {**_context(request, shop), **shown}
    return render(request, "portal/setup/page.html", context, status=status)


def _context(request: ShopRequest, shop: Shop) -> dict[str, Any]:
    facts = setup_facts(shop)
    steps = [_shown(place, step, facts) for place, step in enumerate(STEPS, start=1)]
    is_complete = all(step.is_done for step in steps)
    if is_complete and shop.setup_ended_at is None:
        end_setup(shop)
    looks = _looks_left(request)
    states = {step.key: step.state for step in steps}
    return {
        "facts": facts,
        "steps": steps,
        "done": sum(step.is_done for step in steps),
        "count": len(steps),
        "is_complete": is_complete,
        "next": urlencode({**states, "looks": looks}) if looks > 0 else "",
        "command": first_order_command(request, shop),
        "placeholder": PLACEHOLDER,
        "sample_number": SAMPLE_NUMBER,
        "endpoint_form": EndpointForm(),
        "test_event": TEST_EVENT,
        "networks": settings.WEBHOOK_ALLOWED_NETWORKS,
        "room": "setup",
    }


def _shown(place: int, step: Step, facts: SetupFacts) -> ShownStep:
    is_done = step.is_done(facts)
    state = repr((is_done, step.state(facts)))
    return ShownStep(
        key=step.key,
        place=place,
        template=f"portal/setup/steps/{step.key}.html",
        is_done=is_done,
        state=sha256(state.encode()).hexdigest()[:12],
    )


def _looks_left(request: ShopRequest) -> int:
    said = request.GET.get("looks", "")
    return min(int(said), MOST_LOOKS) - 1 if said.isdecimal() and len(said) < 4 else MOST_LOOKS
