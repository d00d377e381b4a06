"""What follows an order's parcels: some are sent back, customers rate them and complain of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from campaigns.models import Campaign
from claims.models import Claim
from common.rows import Row
from engagement.models import PageAction, Rating
from seeding.complaints import complaint
from seeding.fates import Fate, fate_of
from seeding.journeys import Scan
from seeding.promises import promise
from seeding.reactions import Page
from seeding.stories import Story
from seeding.tracking_numbers import tracking_number
from shipments.carriers import carrier_name
from shipments.inputs import TrackingInput
from shipments.models import Shipment
from shipments.phases import Direction

SENT_BACK = 0.025
"""Of the parcels that arrived."""


def react(
    story: Story, rng: Random, campaigns: Sequence[Campaign], *, country: str, until: datetime
) -> dict[type[PageAction | Rating | Claim], list[Row]]:
    """The rows of what the customer did; parcels sent back are the story's own."""
    page = Page(story, rng, until=until)
    sent = [shipment for shipment in story.shipments if not shipment.is_draft]
    fates = [(shipment, fate_of(shipment, story.scans)) for shipment in sent]
    claims: list[Row] = []
    if fates:
        is_opened = page.visit(fates, campaigns)
        for shipment, fate in fates:
            promise(rng, shipment, fate, story.destination, country)
            back_at = _send_back(story, rng, shipment, country=country, until=until)
            claim = complaint(story, page, rng, shipment, fate, sent_back_at=back_at)
            claims += [claim] if claim else []
            if is_opened and (shipment.delivered_at or fate is Fate.RETURNED):
                page.rate(shipment, fate)
    return {PageAction: page.actions, Rating: page.ratings, Claim: claims}


def _send_back(
    story: Story, rng: Random, shipment: Shipment, *, country: str, until: datetime
) -> datetime | None:
    """A parcel of its own, back to the shop, by the same carrier; when its label was made."""
    if shipment.delivered_at is None or rng.random() >= SENT_BACK:
        return None
    at = shipment.delivered_at + timedelta(seconds=int((20 + rng.random() ** 2 * 260) * 3600))
    if at >= until:
        return None
    carrier = shipment.carrier_reference
    label = TrackingInput(
        tracking_number=tracking_number(rng, carrier, country),
        tracking_placed_at=at,
        carrier_reference=carrier,
        tracking_company=carrier_name(carrier),
        products=[],
    )
    [back] = story.fulfil([label], at=at)
    back.direction = Direction.CUSTOMER_MERCHANT
    city = story.order.address["city"]
    for number, (name, hours) in enumerate(_STEPS, start=1):
        scanned_at = at + timedelta(seconds=int((hours + rng.random() * hours) * 3600))
        if scanned_at < until:
            story.scan(back, Scan(scanned_at, name, city, scanned_at), number)
    return at


_STEPS = (
    ("RETURN_LABEL_CREATED", 0.02),
    ("RETURN_DROPPED_OFF", 12),
    ("RETURN_IN_TRANSIT", 30),
    ("RETURN_RECEIVED", 64),
)
