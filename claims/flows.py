"""The ways in which customers file claims: each with its questions, and what it becomes.

One row for each flow says which reason the claim gets (the contract's section 6), what is asked,
and when it makes sense. `docs/claims.md` shows the table, and so does the portal.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, ClaimSettings, ClaimStatus, Flow, Reason
from orders.models import Order
from shipments.models import ArrivalSource, Shipment
from shipments.phases import Direction, Phase
from shops.models import Shop


class Step(StrEnum):
    """One page with one question."""

    PARCEL = "parcel"
    ISSUE = "issue"
    ITEMS = "items"
    DROPOFF = "dropoff"
    PHOTOS = "photos"
    PREFERENCE = "preference"
    DESCRIPTION = "description"
    SIGNATURE = "signature"
    CHECK = "check"


class Need(StrEnum):
    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"


class When(StrEnum):
    """When a flow makes sense for a parcel."""

    AFTER_DELIVERY = "after_delivery"
    MISSING = "missing"
    RETURNABLE = "returnable"
    ALWAYS = "always"


@dataclass(frozen=True, kw_only=True)
class FlowPlan:
    flow: Flow
    title: Promise
    hint: Promise
    reason: Reason
    partial_reason: Reason | None = None
    """Where only some of what is in the parcel is named."""
    when: When
    issue_question: Promise | None = None
    issues: Sequence[tuple[str, Promise]] = ()
    asks_items: bool = False
    asks_dropoff: bool = False
    photos: Need = Need.NONE
    asks_preference: bool = False
    description: Need = Need.OPTIONAL
    signature: Need = Need.NONE
    preferences: Sequence[str] = field(default=("refund", "reorder"))

    @property
    def steps(self) -> list[Step]:
        """In their order; the parcel is asked for only where there are several."""
        asked = {
            Step.PARCEL: True,
            Step.ISSUE: bool(self.issues),
            Step.ITEMS: self.asks_items,
            Step.DROPOFF: self.asks_dropoff,
            Step.PHOTOS: self.photos != Need.NONE,
            Step.PREFERENCE: self.asks_preference,
            Step.DESCRIPTION: self.description != Need.NONE,
            Step.SIGNATURE: self.signature != Need.NONE,
            Step.CHECK: True,
        }
        return [step for step in Step if asked[step]]

    def reason_for(self, *, is_partial: bool) -> Reason:
        return (self.partial_reason if is_partial else None) or self.reason


PLANS: dict[Flow, FlowPlan] = {
    plan.flow: plan
    for plan in (
        FlowPlan(
            flow=Flow.NOT_RECEIVED,
            title=_("My parcel has not arrived"),
            hint=_("It should be here by now, or it is said to be delivered and is not."),
            reason=Reason.INVESTIGATION,
            when=When.MISSING,
            issue_question=_("What do you know about the parcel?"),
            issues=(
                ("nothing_came", _("Nothing has come so far")),
                ("said_delivered", _("It is said to be delivered, but I do not have it")),
                ("with_neighbour", _("It is said to be with a neighbour who does not have it")),
                ("not_at_pickup", _("It was not there when I went to pick it up")),
            ),
            asks_dropoff=True,
            asks_preference=True,
            signature=Need.REQUIRED,
        ),
        FlowPlan(
            flow=Flow.DEFECTIVE,
            title=_("Something is broken or does not work"),
            hint=_("It was damaged on its way, or it is faulty."),
            reason=Reason.DAMAGE,
            partial_reason=Reason.PARTIAL_DAMAGE,
            when=When.AFTER_DELIVERY,
            issue_question=_("What is wrong with it?"),
            issues=(
                ("damaged_in_transit", _("The parcel was damaged, and so is what was inside")),
                ("broken", _("It is broken, though the parcel looked fine")),
                ("does_not_work", _("It does not work as it should")),
                ("incomplete", _("A part of it is missing")),
            ),
            asks_items=True,
            photos=Need.REQUIRED,
            asks_preference=True,
        ),
        FlowPlan(
            flow=Flow.MISSING_PRODUCT,
            title=_("Something is missing in the parcel"),
            hint=_("The parcel came, but not everything was in it."),
            reason=Reason.INVESTIGATION,
            when=When.AFTER_DELIVERY,
            issue_question=_("What did the parcel look like?"),
            issues=(
                ("intact", _("Closed and undamaged")),
                ("opened", _("Opened, or closed again with other tape")),
                ("damaged", _("Damaged")),
            ),
            asks_items=True,
            photos=Need.OPTIONAL,
            asks_preference=True,
        ),
        FlowPlan(
            flow=Flow.WRONG_PRODUCT,
            title=_("I got something else than I ordered"),
            hint=_("Another product, size or colour was in the parcel."),
            reason=Reason.SUPPORT,
            when=When.AFTER_DELIVERY,
            issue_question=_("What did you get?"),
            issues=(
                ("other_product", _("Another product")),
                ("other_variant", _("Another size or colour")),
                ("other_order", _("Somebody else’s order")),
            ),
            asks_items=True,
            photos=Need.REQUIRED,
            asks_preference=True,
        ),
        FlowPlan(
            flow=Flow.RETURN,
            title=_("I want to send something back"),
            hint=_("It does not fit, or you do not want to keep it."),
            reason=Reason.RETURN,
            when=When.RETURNABLE,
            issue_question=_("Why do you want to send it back?"),
            issues=(
                ("too_small", _("Too small")),
                ("too_large", _("Too large")),
                ("not_as_described", _("Not as it was described")),
                ("changed_mind", _("I do not want it any more")),
                ("late", _("It came too late")),
                ("other", _("Something else")),
            ),
            asks_items=True,
            asks_preference=True,
        ),
        FlowPlan(
            flow=Flow.DISSATISFIED,
            title=_("I am not happy with it"),
            hint=_("The quality, the delivery or something else."),
            reason=Reason.SUPPORT,
            when=When.AFTER_DELIVERY,
            issue_question=_("What is it about?"),
            issues=(
                ("quality", _("The quality of a product")),
                ("delivery", _("How it was delivered")),
                ("packaging", _("The packaging")),
                ("other", _("Something else")),
            ),
            photos=Need.OPTIONAL,
            description=Need.REQUIRED,
        ),
        FlowPlan(
            flow=Flow.SUPPORT,
            title=_("I have another question about my order"),
            hint=_("Write to the shop."),
            reason=Reason.SUPPORT,
            when=When.ALWAYS,
            photos=Need.OPTIONAL,
            description=Need.REQUIRED,
        ),
    )
}
"""In the order in which they are offered."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    plan: FlowPlan
    shipments: Sequence[Shipment]
    """The parcels for which it makes sense, at least one."""


def offered_flows(
    shop: Shop, order: Order, shipments: Sequence[Shipment], *, at: datetime
) -> list[Offer]:
    """What a customer can file now, and for which of the order's `shipments`."""
    if order.is_cancelled or not shipments:
        return []
    settings = ClaimSettings.of(shop)
    offers = []
    for plan in PLANS.values():
        if plan.flow in settings.flows_off:
            continue
        fitting = [one for one in shipments if makes_sense(plan, one, settings, at=at)]
        if fitting and plan.when == When.MISSING:
            looked_for = _looked_for(shop, order)
            fitting = [one for one in fitting if one.id not in looked_for]
        if fitting:
            offers.append(Offer(plan=plan, shipments=fitting))
    return offers


def makes_sense(
    plan: FlowPlan, shipment: Shipment, settings: ClaimSettings, *, at: datetime
) -> bool:
    if shipment.direction == Direction.CUSTOMER_MERCHANT:
        return plan.when == When.ALWAYS
    match plan.when:
        case When.ALWAYS:
            return True
        case When.AFTER_DELIVERY:
            return _came_within(shipment, settings.complaint_days, at)
        case When.RETURNABLE:
            return _came_within(shipment, settings.return_days, at)
        case When.MISSING:
            return _is_missing(shipment, settings, at)


def _came_within(shipment: Shipment, days: int, at: datetime) -> bool:
    if shipment.phase != Phase.DELIVERED:
        return False
    since = shipment.delivered_at or shipment.phase_since
    return since is None or at - since <= timedelta(days=days)


def _is_missing(shipment: Shipment, settings: ClaimSettings, at: datetime) -> bool:
    """Said to be delivered, past its window, or long on its way with nobody saying until when."""
    if shipment.phase == Phase.DELIVERED:
        return _came_within(shipment, settings.complaint_days, at)
    if not shipment.is_on_its_way or shipment.tracking_placed_at is None:
        return False
    if shipment.arrival_end and shipment.arrival_source != ArrivalSource.USUAL:
        return shipment.arrival_end < at
    return at - shipment.tracking_placed_at > timedelta(days=settings.missing_after_days)


def _looked_for(shop: Shop, order: Order) -> set[object]:
    """Parcels that the customer has said are missing, and nobody has decided about yet."""
    claims = Claim.objects.of(shop).kept().filter(order_id=order.id, flow=Flow.NOT_RECEIVED)
    return set(claims.filter(status=ClaimStatus.PENDING).values_list("shipment_id", flat=True))
