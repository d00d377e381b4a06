"""Test parcels: what they live through, when, and that nothing is lost or told twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from events.models import Event
from intake.inputs import UpsertInput
from intake.test_parcels import send_test_parcel
from intake.upsert import upsert_order
from orders.models import Order
from shipments.arrival.renew import expect_unexpected
from shipments.feeds.models import PlannedScan, Simulation
from shipments.feeds.simulator.play import (
    MOST_RUNNING,
    TooManySimulations,
    play_due_scans,
    stop_simulation,
)
from shipments.feeds.simulator.stories import STORIES, Speed
from shipments.feeds.simulator.words import note_words
from shipments.feeds.tasks import play_test_parcels
from shipments.models import Effect, Feed, Scan, Shipment
from shipments.services import detach_tracking
from tests.factories import fulfil, make_shop, place
from tests.shipments.arrival.journeys import report

ENDINGS = {
    "smooth": ("delivered", "normal"),
    "delayed": ("delivered", "normal"),
    "failed_then_parcel_shop": ("delivered", "normal"),
    "lost": ("delivery_failed", "error"),
    "returned": ("returned", "error"),
}

pytestmark = pytest.mark.django_db


def send(shop=None, story="smooth", speed=Speed.A_DAY_IN_A_MINUTE) -> Simulation:
    return send_test_parcel(shop or make_shop(), story=STORIES[story], speed=speed)


def parcel(simulation: Simulation) -> Shipment:
    return Shipment.objects.of(simulation.shop).get(id=simulation.shipment_id)


def after(simulation: Simulation, hours: float):
    """The moment at which so many hours of the story have passed."""
    return simulation.started_at + timedelta(seconds=hours / 24 * simulation.seconds_per_day)


def test_there_is_an_ending_for_every_story():
    assert set(ENDINGS) == set(STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_a_story_ends_as_it_says(story):
    # Sent a year ago at the speed of life, so that all of it has happened.
    simulation = send(story=story, speed=Speed.AS_IT_IS)
    a_year_ago = timezone.now() - timedelta(days=365)
    shift = simulation.started_at - a_year_ago
    Simulation.objects.update(started_at=a_year_ago)
    for plan in PlannedScan.objects.all():
        PlannedScan.objects.filter(id=plan.id).update(due_at=plan.due_at - shift)

    play_due_scans()

    shipment = parcel(simulation)
    assert (shipment.phase, shipment.flag) == ENDINGS[story]
    scans = Scan.objects.of(simulation.shop)
    assert scans.count() == len(STORIES[story].steps)
    assert {scan.effect for scan in scans} == {Effect.APPLIED}
    assert {scan.feed for scan in scans} == {Feed.SIMULATOR}
    simulation.refresh_from_db()
    assert simulation.ended_at is not None
    assert not simulation.was_stopped
    assert not PlannedScan.objects.exists()


def test_its_scans_appear_in_their_time():
    simulation = send()

    played = [play_due_scans(after(simulation, hours)) for hours in (1, 2, 8, 15, 15, 40, 41)]

    assert played == [0, 1, 0, 2, 0, 1, 1]
    assert parcel(simulation).phase == "in_delivery"
    newest = Scan.objects.of(simulation.shop).first()
    assert newest.event_time == after(simulation, 41)
    simulation.refresh_from_db()
    assert simulation.ended_at is None


def test_the_window_is_told_at_the_same_speed():
    simulation = send()

    play_due_scans(after(simulation, 2))

    shipment = parcel(simulation)
    assert shipment.arrival_start == after(simulation, 45)
    assert shipment.promised_end == after(simulation, 49)


def test_only_its_story_says_when_it_arrives():
    """The shop's own history would make a promise that looks like a real one."""
    simulation = send()
    sent = parcel(simulation)
    assert (sent.arrival_end, sent.arrival_source, sent.promised_end) == (None, "", None)

    play_due_scans(after(simulation, 2))
    report(parcel(simulation), "OUT_FOR_DELIVERY", timezone.now())

    assert parcel(simulation).arrival_source == "carrier"
    assert expect_unexpected(simulation.shop) == 0


@pytest.mark.parametrize(
    ("feed", "note", "german"),
    [
        (Feed.SIMULATOR, "A card was left.", "Eine Karte wurde hinterlassen."),
        (Feed.SIMULATOR, "What nobody knows.", "What nobody knows."),
        (Feed.CARRIER, "A card was left.", "A card was left."),
    ],
)
def test_notes_of_its_stories_are_translated_and_what_carriers_say_is_not(feed, note, german):
    with override("de"):
        assert note_words(Scan(feed=feed, additional_info=note)) == german


def test_it_is_marked_and_counted_nowhere():
    shop = make_shop()
    simulation = send(shop)
    fulfil(shop, place(shop), "REAL1")

    assert [s.tracking_number for s in Shipment.objects.of(shop).real()] == ["REAL1"]
    assert Shipment.objects.of(shop).count() == 2
    [order] = Order.objects.of(shop).real()
    assert order != parcel(simulation).order
    assert Order.objects.of(shop).count() == 2


def test_a_parcel_that_joins_a_test_order_is_a_test_too():
    simulation = send()
    order = parcel(simulation).order

    tracking = {"tracking_number": "SECOND"}
    upsert_order(
        simulation.shop,
        UpsertInput.model_validate({"id": order.order_number, "trackings": [tracking]}),
    )

    assert not Shipment.objects.of(simulation.shop).real().exists()
    order.refresh_from_db()
    assert order.is_test


def test_its_events_are_told_so_that_webhooks_can_be_tried():
    simulation = send()

    play_due_scans(after(simulation, 41))

    refs = Event.objects.filter(shop=simulation.shop).values_list("ref", flat=True)
    assert "orders/placed" in refs
    assert "shipments/in_delivery/OUT_FOR_DELIVERY" in refs


def test_stopped_it_reports_no_more():
    simulation = send()
    play_due_scans(after(simulation, 10))

    stopped = stop_simulation(simulation)
    again = stop_simulation(simulation)

    assert play_due_scans(after(simulation, 1000)) == 0
    assert stopped.was_stopped
    assert again.ended_at == stopped.ended_at
    assert Scan.objects.count() == 2


def test_one_that_has_arrived_cannot_be_stopped_any_more():
    simulation = send()
    play_due_scans(after(simulation, 46))

    assert not stop_simulation(simulation).was_stopped


def test_a_detached_parcel_costs_only_itself():
    shop = make_shop()
    detached, other = send(shop), send(shop)
    detach_tracking(Shipment.objects.select_related("order__shop").get(id=detached.shipment_id))

    play_due_scans(after(other, 46))

    assert parcel(other).phase == "delivered"
    assert not PlannedScan.objects.exists()


def test_a_shop_has_so_many_at_once():
    shop = make_shop()
    first = send(shop)
    for _ in range(MOST_RUNNING - 1):
        send(shop)

    with pytest.raises(TooManySimulations):
        send(shop)

    assert Order.objects.of(shop).count() == MOST_RUNNING
    stop_simulation(first)
    send(shop)


def test_the_task_plays_what_is_due(django_assert_max_num_queries):
    simulation = send()
    PlannedScan.objects.filter(position=0).update(due_at=timezone.now() - timedelta(seconds=1))

    play_test_parcels()

    assert Scan.objects.of(simulation.shop).count() == 1
    with django_assert_max_num_queries(1):
        play_test_parcels()


@pytest.mark.django_db(transaction=True)
def test_workers_that_play_at_once_report_each_step_once():
    shops = [make_shop() for _ in range(3)]
    simulations = [send(shop, story) for shop in shops for story in STORIES]
    end = max(after(simulation, 1000) for simulation in simulations)

    def run(_):
        try:
            return play_due_scans(end)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        played = sum(pool.map(run, range(12)))

    assert (
        played
        == Scan.objects.count()
        == sum(len(STORIES[simulation.story].steps) for simulation in simulations)
    )
    assert not Scan.objects.exclude(effect=Effect.APPLIED).exists()
