"""Sending a test parcel through a story, and watching those that are on their way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import DomainError
from intake.test_parcels import send_test_parcel
from portal.access import ShopRequest, shop_page
from portal.status import Status, Tone, parcel_status
from shipments.catalogue.texts import in_words
from shipments.feeds.models import PlannedScan, Simulation
from shipments.feeds.simulator.play import stop_simulation
from shipments.feeds.simulator.stories import STORIES, Speed, Story
from shops.models import Role, Shop

MOST_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class TestParcel:
    """One row of the list."""

    simulation: Simulation
    story: str
    speed: str
    status: Status
    next_event: str
    next_at: datetime | None
    done: int
    steps: int


class TestParcelForm(forms.Form):
    story = forms.ChoiceField(
        label=gettext_lazy("Story"),
        choices=[(story.name, story.title) for story in STORIES.values()],
        widget=forms.RadioSelect,
        initial="smooth",
    )
    speed = forms.TypedChoiceField(
        label=gettext_lazy("Speed"),
        choices=Speed.choices,
        coerce=lambda value: Speed(int(value)),
        initial=Speed.A_DAY_IN_10_SECONDS,
    )

    def stories(self) -> Sequence[Story]:
        return list(STORIES.values())

    @property
    def chosen_story(self) -> str:
        return str(self["story"].value())


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.EDITOR)
def test_parcels(request: ShopRequest, shop: Shop) -> HttpResponse:
    form = TestParcelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            simulation = send_test_parcel(
                shop,
                story=STORIES[form.cleaned_data["story"]],
                speed=form.cleaned_data["speed"],
            )
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            number = simulation.shipment.order.order_number
            sent = _("The test parcel of order %s is on its way.") % number
            messages.success(request, sent)
        return redirect("portal:test_parcels", slug=shop.slug)
    parcels = latest_parcels(shop, most=MOST_SHOWN)
    context = {"form": form, "parcels": parcels, "room": "orders"}
    template = "_list" if request.htmx.target == "test-parcels" else "page"
    return render(request, f"portal/test_parcels/{template}.html", context)


@require_POST
@shop_page(Role.EDITOR)
def stop_test_parcel(request: ShopRequest, shop: Shop, simulation_id: UUID) -> HttpResponse:
    simulation = get_object_or_404(Simulation.objects.of(shop), id=simulation_id)
    simulation.shop = shop
    if stop_simulation(simulation).was_stopped:
        messages.success(request, _("Stopped. Nothing more is reported of this parcel."))
    else:
        messages.success(request, _("It had arrived already; there was nothing to stop."))
    return redirect("portal:test_parcels", slug=shop.slug)


def latest_parcels(shop: Shop, *, most: int) -> list[TestParcel]:
    """The newest first."""
    simulations = list(
        Simulation.objects.of(shop)
        .select_related("shipment__order")
        .filter(shipment__shop=shop, shipment__order__shop=shop)[:most]
    )
    waiting: dict[UUID, list[PlannedScan]] = {simulation.id: [] for simulation in simulations}
    planned = PlannedScan.objects.filter(shop=shop, simulation_id__in=waiting)
    for plan in planned.order_by("position"):
        waiting[plan.simulation_id].append(plan)
    return [_parcel(simulation, waiting[simulation.id]) for simulation in simulations]


def _parcel(simulation: Simulation, waiting: Sequence[PlannedScan]) -> TestParcel:
    story, shipment = STORIES.get(simulation.story), simulation.shipment
    steps = story.steps if story else ()
    following = steps[waiting[0].position] if waiting and story else None
    status = parcel_status(shipment.phase, shipment.flag, since=shipment.phase_since)
    if simulation.was_stopped:
        status = Status(tone=Tone.EXPECTED, word=_("Stopped"), since=simulation.ended_at)
    return TestParcel(
        simulation=simulation,
        story=str(story.title) if story else simulation.story,
        speed=str(Speed(simulation.seconds_per_day).label),
        status=status,
        next_event=in_words(following.event) if following else "",
        next_at=waiting[0].due_at if waiting else None,
        done=len(steps) - len(waiting),
        steps=len(steps),
    )
