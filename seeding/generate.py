"""The rows of seeded orders: what is written is decided here, and nothing is written here.

Same shop, same rows: every order is made from random numbers that only its batch decides.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from random import Random
from typing import Any

from django.db import models
from django.db.models.expressions import DatabaseDefault

from campaigns.models import Attribution
from claims.models import Claim
from common.rows import Row
from engagement.models import PageAction, Rating
from events.models import Event
from events.services import Fact
from orders.inputs import OrderInput, ProductInput
from orders.models import Order, OrderLine
from seeding.aftermath import react
from seeding.baskets import Basket, fill_basket
from seeding.catalogue import assortment, cumulative_weights
from seeding.customers import Customer, customer, pick
from seeding.journeys import Route, cancellation, handovers, scans
from seeding.repeats import Repeat, repeat_of
from seeding.shops import FIRST_NUMBER, SeededShop
from seeding.stories import Story
from seeding.tracking_numbers import tracking_number
from shipments.arrival.destinations import destination_of
from shipments.carriers import carrier_name
from shipments.inputs import TrackingInput
from shipments.models import Scan, Shipment, ShipmentLine

Rows = dict[type[models.Model], list[Row]]
"""Parents first."""

MODELS = (
    Order,
    OrderLine,
    Shipment,
    ShipmentLine,
    Scan,
    Event,
    Attribution,
    PageAction,
    Rating,
    Claim,
)
RETURNING = 0.35
OWN_CURRENCY = 0.7
"""Of those who live where another one is used."""
SOURCES: tuple[dict[str, str], ...] = (
    {},
    {},
    {"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": "weekly"},
    {"utm_source": "search", "utm_medium": "cpc"},
    {"utm_source": "social", "utm_medium": "paid"},
)


def generate_batch(seeded: SeededShop, places: range) -> Rows:
    """The rows of the shop's orders at these places, from 0, whole batches only."""
    rng = Random(seeded.seed * 1_000_003 + places.start)
    rows: Rows = {model: [] for model in MODELS}
    for place in places:
        second = Random(
            seeded.seed * 7_919_003 + place
        )  # what came later leaves the first as it was
        story, repeat = tell_story(seeded, rng, second, place)
        reactions = react(
            story, second, seeded.campaigns, country=seeded.country_code, until=seeded.until
        )
        rows[Order].append(story.order_row())
        rows[OrderLine] += story.lines
        rows[Shipment] += [_shipment_row(shipment) for shipment in story.shipments]
        rows[ShipmentLine] += story.shipment_line_rows()
        rows[Scan] += story.scans
        rows[Event] += _event_rows(seeded, story)
        rows[Attribution] += [repeat.row(story)] if repeat else []
        for model, made in reactions.items():
            rows[model] += made
    return rows


def tell_story(
    seeded: SeededShop, rng: Random, second: Random, place: int
) -> tuple[Story, Repeat | None]:
    """What became of one order until `seeded.until`, and the campaign that brought it."""
    placed_at = seeded.times.at((place + rng.random()) / seeded.orders)
    is_returning = place > 0 and rng.random() < RETURNING
    buyer = customer(
        seeded.seed,
        int(place * rng.random() ** 1.5) if is_returning else place,
        seeded.country,
    )
    repeat = (
        repeat_of(second, seeded.campaigns, ("high-value", "newsletter"), placed_at)
        if is_returning
        else None
    )
    currency = _currency(seeded, second, buyer)
    basket = fill_basket(
        rng,
        assortment(seeded.range_name, currency, seeded.shop.language),
        seeded.country,
        currency,
        code=repeat.code if repeat else None,
    )
    parcels = _parcels(rng, len(basket.products))
    said = OrderInput.model_validate(
        {
            **_order_as_sent(seeded, rng, place, buyer, basket, is_returning),
            **({"order_analytics": repeat.analytics} if repeat and repeat.analytics else {}),
            "currency": currency,
            "order_placed_at": placed_at,
            "expected_number_of_shipments": parcels,
        }
    )
    story = Story(seeded.shop, rng, said, at=placed_at)
    times = handovers(rng, placed_at, parcels)
    cancelled_at = cancellation(rng, placed_at)
    if cancelled_at is not None and (not times or cancelled_at < times[0]):
        if cancelled_at < seeded.until:
            story.cancel(at=cancelled_at)
        return story, repeat
    _ship(seeded, rng, story, [at for at in times if at < seeded.until], buyer)
    return story, repeat


def _currency(seeded: SeededShop, rng: Random, buyer: Customer) -> str:
    """Some of those abroad pay in their own."""
    is_own = rng.random() < OWN_CURRENCY
    return buyer.country.currency if is_own else seeded.shop.currency


def _order_as_sent(
    seeded: SeededShop,
    rng: Random,
    place: int,
    buyer: Customer,
    basket: Basket,
    is_returning: bool,
) -> dict[str, Any]:
    number = str(FIRST_NUMBER + place)
    chance = rng.random
    segments = ["returning" if is_returning else "new"]
    if basket.sub_total > 150:
        segments.append("high-value")
    if chance() < 0.3:
        segments.append("newsletter")
    return {
        "order_number": number,
        "order_name": f"#{number}",
        "external_id": str(5_000_000_000_000 + place * 7_919),
        "total_order_price": basket.total,
        "shipping_price": basket.shipping,
        "sub_total_price": basket.sub_total,
        "discount_price": basket.discount,
        "discounts": basket.discounts,
        "products": basket.products,
        "email_id": buyer.email,
        "address": buyer.address,
        "segments": segments,
        "weight": basket.weight,
        "external_customer_id": buyer.external_id,
        "order_status_url": f"https://{seeded.shop.slug}.example/orders/{rng.getrandbits(64):016x}",
        "user_agent": buyer.user_agent,
        "order_analytics": pick(rng, SOURCES),
    }


def _parcels(rng: Random, lines: int) -> int:
    """Only an order of several lines comes in several parcels."""
    draw = rng.random()
    if lines >= 3 and draw < 0.1:
        return 3
    return 2 if lines >= 2 and draw < 0.25 else 1


def _ship(
    seeded: SeededShop, rng: Random, story: Story, times: Sequence[datetime], buyer: Customer
) -> None:
    """Hand the parcels over, those of one time in one upsert, and let their carriers scan them."""
    contents = iter(_contents(story))
    taken: set[str] = set()
    for at, together in groupby(times):
        trackings = [_tracking(seeded, rng, taken, next(contents), at=at) for _ in together]
        for shipment in story.fulfil(trackings, at=at):
            route = route_of(seeded, buyer, shipment.carrier_reference)
            for number, scan in enumerate(scans(rng, at, route), start=1):
                if scan.reported_at < seeded.until:
                    story.scan(shipment, scan, number)


def route_of(seeded: SeededShop, buyer: Customer, carrier_reference: str) -> Route:
    return Route(
        carrier_reference=carrier_reference,
        destination=destination_of(buyer.address),
        city=buyer.address["city"],
        timezone=buyer.country.timezone,
        origin=seeded.country.cities[0].name,
        is_abroad=buyer.country is not seeded.country,
    )


def _contents(story: Story) -> list[list[ProductInput] | None]:
    """The products of each parcel; None, as shops leave it out, where one holds everything."""
    parcels = story.order.expected_number_of_shipments
    if parcels == 1:
        return [None]
    return [list(story.products[number::parcels]) for number in range(parcels)]


def _tracking(
    seeded: SeededShop,
    rng: Random,
    taken: set[str],
    products: list[ProductInput] | None,
    *,
    at: datetime,
) -> TrackingInput:
    carriers, ends = cumulative_weights(seeded.country_code)
    carrier = carriers[bisect_right(ends, rng.random() * ends[-1])]
    number = tracking_number(rng, carrier, seeded.country_code)
    while number in taken:
        number = tracking_number(rng, carrier, seeded.country_code)
    taken.add(number)
    return TrackingInput(
        tracking_number=number,
        tracking_placed_at=at,
        carrier_reference=carrier,
        tracking_company=carrier_name(carrier),
        products=products,
    )


def _shipment_row(shipment: Shipment) -> Row:
    values = ((name, getattr(shipment, name)) for name in _SHIPMENT_COLUMNS)
    return {name: value for name, value in values if not isinstance(value, DatabaseDefault)}


_SHIPMENT_COLUMNS = [
    field.attname for field in Shipment._meta.concrete_fields if not field.generated
]


def _event_rows(seeded: SeededShop, story: Story) -> list[Row]:
    """As `events.services.record` writes them, each at its own time."""
    scans = {scan["id"] for scan in story.scans}
    return [
        _event_row(seeded, story, at, fact, is_of_scan=fact.id in scans)
        for at, fact in sorted(story.facts, key=lambda told: told[0])
    ]


def _event_row(
    seeded: SeededShop, story: Story, at: datetime, fact: Fact, *, is_of_scan: bool
) -> Row:
    """The fact of a scan has the scan's id already."""
    event_id = fact.id if is_of_scan else story.ids.at(at)
    event_data = fact.event_data
    if "event_id" in event_data:
        event_data = {**event_data, "event_id": event_id}
    return {
        "id": event_id,
        "shop_id": seeded.shop.id,
        "source": fact.source,
        "ref": fact.ref,
        "event_group": fact.event_group,
        "event_data": event_data,
        "is_relayed": True,  # what is made up is told to nobody
        "order_id": fact.order_id,
        "shipment_id": fact.shipment_id,
        "actor": f"API key {seeded.shop.slug}",
        "request_id": "",
        "created_at": at,
    }
