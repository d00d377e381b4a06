"""Scenes for previews: an order with its parcels at some point of a story, written nowhere.

The scans are those of the journey simulator's stories, and they are applied by the same rules as
real ones; only nothing is stored.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from engagement.scenes import CANCELLED, EXPECTED, RETURN, SEVERAL, Scene
from orders.models import Order, OrderLine
from orders.states import OrderState
from shipments.arrival.known import arrival_table
from shipments.feeds.simulator.stories import STORIES, Speed, Story, moment_of, window_of
from shipments.models import Feed, Scan, Shipment
from shipments.phases import Phase
from shipments.scans.inputs import ReportedScan
from shipments.scans.journey import Journey
from shops.models import Shop
from tracking.telling.page import OrderRows

WINDOW_HOUR = 13
"""At which the first window that a carrier tells begins: a time that people know."""
SENT_BACK_AFTER = timedelta(days=4)

Played = tuple[Shipment, list[Scan]]


def scene_rows(shop: Shop, scene: Scene, *, today: datetime) -> tuple[OrderRows, datetime]:
    """The rows, and the time that it is in the story; `today` in the shop's zone."""
    story = STORIES.get(scene.name, STORIES["smooth"])
    step = {SEVERAL: 3, RETURN: len(story.steps)}.get(scene.name, scene.step)
    start = _start(story, step, today - SENT_BACK_AFTER if scene.name == RETURN else today)
    hours = story.steps[step - 1].after if step else 0
    now = start + timedelta(hours=hours, minutes=30)
    order = _order(shop, start - timedelta(hours=20))
    if scene.name == CANCELLED:
        order.state, order.cancelled_at = OrderState.CANCELLED, now
        return _rows(order, [], {}), now
    if scene.name == EXPECTED:
        return _rows(order, [Shipment(shop=shop, order=order)], {}), now
    played = [_played(order, story, step, start=start, now=now, position=0)]
    if scene.name == SEVERAL:
        earlier = start - timedelta(days=2)
        played.insert(
            0, _played(order, story, len(story.steps), start=earlier, now=now, position=0)
        )
    if scene.name == RETURN:
        now += SENT_BACK_AFTER
        _send_back(played[0], now)
    shipments = [shipment for shipment, _scans in played]
    if scene.name == SEVERAL:
        shipments.append(Shipment(shop=shop, order=order))
    return _rows(order, shipments, {s.id: scans for s, scans in played}), now


def _start(story: Story, step: int, today: datetime) -> datetime:
    """So that the first window that is told begins at WINDOW_HOUR, and the step is about today."""
    told = next((one.arrives for one in story.steps if one.arrives), (0.0, 0.0))
    hour = int(WINDOW_HOUR - told[0]) % 24
    passed = story.steps[step - 1].after if step else 0
    start = today.replace(hour=hour, minute=0, second=0, microsecond=0)
    return start - timedelta(days=(hour + passed) // 24)


def _played(
    order: Order, story: Story, steps: int, *, start: datetime, now: datetime, position: int
) -> Played:
    """The parcel after so many events, the newest first."""
    speed = Speed.AS_IT_IS
    shipment = _shipment(order, start, position)
    journey = Journey(shipment, arrival_table(order.shop), now=now)
    scans = []
    for place, step in enumerate(story.steps[:steps]):
        said = ReportedScan(
            shipment_id=shipment.id,
            event_name=step.event,
            event_time=moment_of(step.after, start=start, speed=speed),
            external_id=str(place),
            location=step.location,
            additional_info=step.note,
            pickup=step.pickup,
            estimated_arrival=window_of(step, start=start, speed=speed),
        )
        scans.append(Scan(**journey.take(said, feed=Feed.SIMULATOR, is_repeated=False).row))
    return shipment, scans[::-1]


def _send_back(played: Played, now: datetime) -> None:
    shipment, scans = played
    journey = Journey(shipment, arrival_table(shipment.shop), now=now)
    for place, name in enumerate(["RETURN_LABEL_CREATED", "RETURN_COLLECTED"]):
        said = ReportedScan(
            shipment_id=shipment.id,
            event_name=name,
            event_time=now - timedelta(hours=30 - 20 * place),
            external_id=f"return {place}",
        )
        row = journey.take(said, feed=Feed.SIMULATOR, is_repeated=False).row
        scans.insert(0, Scan(**row))


def _shipment(order: Order, start: datetime, position: int) -> Shipment:
    return Shipment(
        shop=order.shop,
        order=order,
        position=position,
        tracking_number=f"00340434292135100{position}",
        carrier_reference="dhl",
        phase=Phase.ORDER_PROCESSED,
        tracking_placed_at=start,
        phase_since=start,
        updated_at=start,
    )


def _order(shop: Shop, placed_at: datetime) -> Order:
    return Order(
        shop=shop,
        order_number="10482",
        external_id="10482",
        order_placed_at=placed_at,
        currency=shop.currency,
        address={"city": "Berlin", "zip_code": "10115", "country_code": "DE"},
    )


def _rows(
    order: Order, shipments: Sequence[Shipment], scans: Mapping[UUID, Sequence[Scan]]
) -> OrderRows:
    titles = [(_("A product of yours"), 1), (_("Another product"), 2)]
    return OrderRows(
        order=order,
        shipments=shipments,
        scans=scans,
        lines=[
            OrderLine(shop=order.shop, order=order, position=place, title=title, quantity=quantity)
            for place, (title, quantity) in enumerate(titles)
        ],
        own_lines={},
        ratings={},
    )
