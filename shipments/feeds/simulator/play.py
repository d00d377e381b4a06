"""Playing stories: each step is a row with the time at which its scan appears.

What is due is found in the database, so a lost broker loses nothing, and a step is recorded and
taken off the list in one transaction, so it appears once.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Conflict
from shipments.feeds.heard import Heard, take_in
from shipments.feeds.models import PlannedScan, Simulation
from shipments.feeds.simulator.stories import STORIES, Speed, Step, Story, moment_of, window_of
from shipments.models import Feed, Shipment
from shipments.scans.inputs import MAX_SCANS, ReportedScan
from shops.models import Shop

MOST_RUNNING = 50
"""In one shop: enough to try out anything, too few to flood anybody's webhooks."""

log = structlog.get_logger()


class TooManySimulations(Conflict):
    key = "test_parcels_running"


@transaction.atomic
def start_simulation(shipment: Shipment, *, story: Story, speed: Speed) -> Simulation:
    """Plan the scans of a test parcel; raises `TooManySimulations`."""
    shop = shipment.shop
    if Simulation.objects.of(shop).running().count() >= MOST_RUNNING:
        raise TooManySimulations(
            _("%d test parcels are on their way; stop one, or wait for one to arrive.")
            % MOST_RUNNING
        )
    now = timezone.now()
    simulation = Simulation.objects.create(
        shop=shop, shipment=shipment, story=story.name, seconds_per_day=speed, started_at=now
    )
    PlannedScan.objects.bulk_create(
        PlannedScan(
            shop=shop,
            simulation_id=simulation.id,
            position=position,
            due_at=moment_of(step.after, start=now, speed=speed),
        )
        for position, step in enumerate(story.steps)
    )
    return simulation


@transaction.atomic
def stop_simulation(simulation: Simulation) -> Simulation:
    """No further scan appears; what was reported stays. A second time changes nothing."""
    shop = simulation.shop
    # First the simulation, as playing does: each waits for the other, neither for ever.
    Simulation.objects.of(shop).running().filter(id=simulation.id).update(
        ended_at=timezone.now(), was_stopped=True
    )
    PlannedScan.objects.filter(shop=shop, simulation_id=simulation.id).delete()
    simulation.refresh_from_db()
    return simulation


def play_due_scans(now: datetime | None = None) -> int:
    """Report what is due by now, shop by shop; how many steps that were."""
    now = now or timezone.now()
    shop_ids = PlannedScan.objects.filter(due_at__lte=now).values_list("shop_id").distinct()
    played = 0
    for shop in Shop.objects.filter(id__in=shop_ids):
        try:
            played += _play(shop, now)
        except DatabaseError:
            # One shop's trouble must not hold up the others; what is due stays due.
            log.exception("simulator.not_played", shop=shop.slug)
    return played


@transaction.atomic
def _play(shop: Shop, now: datetime) -> int:
    due = PlannedScan.objects.filter(shop=shop, due_at__lte=now)
    # Whole simulations are locked, not steps: two workers must not share the steps of one parcel,
    # for the later step could be reported first.
    simulations = (
        Simulation.objects.of(shop)
        .filter(id__in=due.values("simulation_id"))
        .select_for_update(skip_locked=True)
        .in_bulk()
    )
    # Those of a parcel that was deleted meanwhile.
    due.exclude(simulation_id__in=Simulation.objects.of(shop).values("id")).delete()
    planned = list(due.filter(simulation_id__in=simulations).order_by("due_at", "id")[:MAX_SCANS])
    scans = {
        index: _scan(simulations[plan.simulation_id], plan) for index, plan in enumerate(planned)
    }
    take_in(shop, Heard(feed=Feed.SIMULATOR, scans=scans))
    PlannedScan.objects.filter(shop=shop, id__in=[plan.id for plan in planned]).delete()
    _end(shop, list(simulations))
    return len(planned)


def _scan(simulation: Simulation, plan: PlannedScan) -> ReportedScan:
    step = _step(simulation, plan.position)
    return ReportedScan(
        shipment_id=simulation.shipment_id,
        event_name=step.event,
        event_time=plan.due_at,
        external_id=f"{simulation.id}/{plan.position}",
        location=step.location,
        additional_info=step.note,
        pickup=step.pickup,
        estimated_arrival=window_of(
            step, start=simulation.started_at, speed=Speed(simulation.seconds_per_day)
        ),
    )


def _step(simulation: Simulation, position: int) -> Step:
    return STORIES[simulation.story].steps[position]


def _end(shop: Shop, simulation_ids: Sequence[UUID]) -> None:
    waiting = PlannedScan.objects.filter(shop=shop, simulation_id__in=simulation_ids)
    Simulation.objects.of(shop).running().filter(id__in=simulation_ids).exclude(
        id__in=waiting.values("simulation_id")
    ).update(ended_at=timezone.now())
