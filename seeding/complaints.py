"""Claims of seeded orders, with what became of them and what the event log says."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from claims.flows import PLANS
from claims.models import ClaimStatus, Flow, Preference
from common.rows import Row
from events.models import Source
from events.services import Fact
from seeding.customers import pick
from seeding.fates import Fate
from seeding.reactions import Page
from seeding.stories import Story
from shipments.models import Shipment

CLAIMED: dict[Fate, float] = {
    Fate.SMOOTH: 0.009,
    Fate.SECOND_TRY: 0.02,
    Fate.LATE: 0.07,
    Fate.DAMAGED: 0.75,
    Fate.RETURNED: 0.25,
}
RETURN_CLAIMED = 0.55
"""Of the parcels that customers send back."""
FLOWS: dict[Fate, Sequence[Flow]] = {
    Fate.SMOOTH: (
        Flow.DEFECTIVE,
        Flow.DEFECTIVE,
        Flow.MISSING_PRODUCT,
        Flow.WRONG_PRODUCT,
        Flow.NOT_RECEIVED,
        Flow.SUPPORT,
    ),
    Fate.SECOND_TRY: (Flow.NOT_RECEIVED, Flow.DISSATISFIED, Flow.SUPPORT),
    Fate.LATE: (Flow.NOT_RECEIVED, Flow.NOT_RECEIVED, Flow.DISSATISFIED),
    Fate.DAMAGED: (Flow.DEFECTIVE,),
    Fate.RETURNED: (Flow.NOT_RECEIVED, Flow.SUPPORT),
}
WAITING = 0.06
"""Never decided, however long ago."""
OUTCOMES = (
    (ClaimStatus.ACCEPTED, 0.72),
    (ClaimStatus.REJECTED, 0.85),
    (ClaimStatus.CLOSED, 1.0),
)


def complaint(
    story: Story,
    page: Page,
    rng: Random,
    shipment: Shipment,
    fate: Fate,
    *,
    sent_back_at: datetime | None,
) -> Row | None:
    """A claim about the parcel, told to the log; most parcels have none."""
    chance = rng.random
    if sent_back_at is not None and chance() < RETURN_CLAIMED:
        flow, at = Flow.RETURN, sent_back_at - timedelta(seconds=int(1800 + chance() * 20 * 3600))
    elif chance() < CLAIMED[fate]:
        flow = pick(rng, FLOWS[fate])
        seen_at = shipment.last_scan_at or page.until
        at = seen_at + timedelta(seconds=int(1800 + chance() ** 2 * 100 * 3600))
    else:
        return None
    if at >= page.until:
        return None
    page.begin_claim(at)
    decided_at = at + timedelta(seconds=int(3600 + chance() ** 2 * 120 * 3600))
    is_waiting = chance() < WAITING or decided_at >= page.until
    draw = chance()
    outcome = next(outcome for outcome, end in OUTCOMES if draw < end)
    status = ClaimStatus.PENDING if is_waiting else outcome
    items = _items(story, rng)
    claim: Row = {
        "id": story.ids.at(at),
        "shop_id": shipment.shop_id,
        "order_id": shipment.order_id,
        "shipment_id": shipment.id,
        "reason": PLANS[flow].reason,
        "flow": flow,
        "status": status,
        "resolution_preference": pick(rng, tuple(Preference)),
        "description": page.words(flow),
        "selected_items": items,
        "amount": Decimal(str(items[0]["net_price"])),
        "image_urls": [],
        "phase_when_filed": shipment.phase,
        "decided_at": None if is_waiting else decided_at,
        "created_at": at,
        "updated_at": at if is_waiting else decided_at,
    }
    story.tell(at, [_fact({**claim, "status": ClaimStatus.PENDING, "updated_at": at}, "created")])
    if not is_waiting:
        story.tell(decided_at, [_fact(claim, "updated")])
    return claim


def _items(story: Story, rng: Random) -> list[dict[str, Any]]:
    line = pick(rng, story.lines)
    return [
        {
            "sku": line["sku"],
            "title": line["title"],
            "quantity": 1,
            "net_price": float(line["price"]),
            "image_urls": [],
        }
    ]


def _fact(claim: Row, happened: str) -> Fact:
    """As the contract's section 5 has it."""
    said = ("resolution_preference", "reason", "status", "description", "selected_items")
    return Fact(
        source=Source.CLAIMS,
        ref=f"claims/{happened}",
        event_group=f"claim_{happened}",
        event_data={
            "claim_id": claim["id"],
            "event_name": happened,
            "event_group": f"claim_{happened}",
            "created_at": claim["created_at"],
            "updated_at": claim["updated_at"],
            **{name: claim[name] for name in said},
            "customer_signature_image_url": None,
            "image_urls": [],
            "optional_image_urls": [],
        },
        order_id=claim["order_id"],
        shipment_id=claim["shipment_id"],
    )
