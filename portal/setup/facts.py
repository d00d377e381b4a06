"""What is there of a shop that is being set up: read from its rows, never from clicks."""

from collections.abc import Callable
from dataclasses import dataclass

from engagement.models import PageDesign
from intake.test_parcels import SAMPLE_NUMBER
from orders.models import Order
from orders.states import OrderState
from orders.tracking_link import SEEN_BY_SHOP, tracking_page_url
from portal.test_parcels import TestParcel, latest_parcels
from shipments.feeds.models import Simulation
from shipments.phases import Phase
from shops.keys import keys_of
from shops.models import ApiKey, Invitation, Membership, Shop
from webhooks.models import Delivery, DeliveryState, Webhook

MOST_LOOKED_AT = 50
"""Deliveries, the newest of the webhook, among which one that was received is looked for."""


@dataclass(frozen=True, kw_only=True)
class SetupFacts:
    key: ApiKey | None
    """The newest that opens the shop."""
    order: Order | None
    """The newest."""
    parcel: TestParcel | None
    """The newest."""
    has_delivered: bool
    """Some test parcel has arrived."""
    webhook: Webhook | None
    """The newest."""
    delivery: Delivery | None
    """The webhook's newest, with its message."""
    has_received: bool
    """The webhook's endpoint has taken something."""
    has_design: bool
    members: int
    """Two stand for two and more."""
    is_somebody_invited: bool
    customers_page: str
    """Of the test parcel's order; empty where there is none."""

    @property
    def has_waiting_sample(self) -> bool:
        """The order of the printed command is there and has no parcel."""
        order = self.order
        return (
            order is not None
            and order.order_number == SAMPLE_NUMBER
            and order.state == OrderState.PLACED
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """Of setting a shop up; its texts are `portal/setup/steps/<key>.html`."""

    key: str
    is_done: Callable[[SetupFacts], bool]
    state: Callable[[SetupFacts], object]
    """Of what the page says of it: if this is another one, it has to be shown anew."""


STEPS: tuple[Step, ...] = (
    Step(
        key="key",
        is_done=lambda facts: facts.key is not None,
        state=lambda facts: facts.key is not None,
    ),
    Step(
        key="order",
        is_done=lambda facts: facts.order is not None,
        state=lambda facts: facts.order and facts.order.id,
    ),
    Step(
        key="parcel",
        is_done=lambda facts: facts.has_delivered,
        state=lambda facts: (
            facts.has_waiting_sample,
            facts.parcel and (facts.parcel.simulation.id, facts.parcel.done, facts.parcel.status),
        ),
    ),
    Step(
        key="webhook",
        is_done=lambda facts: facts.has_received,
        state=lambda facts: (
            facts.webhook and (facts.webhook.id, facts.webhook.status),
            facts.delivery and (facts.delivery.id, facts.delivery.state, facts.delivery.attempts),
        ),
    ),
    Step(
        key="page",
        is_done=lambda facts: facts.has_design,
        state=lambda facts: facts.customers_page,
    ),
    Step(
        key="people",
        is_done=lambda facts: facts.members > 1 or facts.is_somebody_invited,
        state=lambda facts: facts.members,
    ),
)


def setup_facts(shop: Shop) -> SetupFacts:
    parcel = next(iter(latest_parcels(shop, most=1)), None)
    webhook = Webhook.objects.of(shop).order_by("-created_at").first()
    deliveries = _deliveries(shop, webhook)
    return SetupFacts(
        key=keys_of(shop).prefetch_related(None).first(),
        order=Order.objects.of(shop).order_by("-order_placed_at", "-id").first(),
        parcel=parcel,
        has_delivered=Simulation.objects.of(shop)
        .filter(shipment__shop=shop, shipment__phase=Phase.DELIVERED)
        .exists(),
        webhook=webhook,
        delivery=deliveries[0] if deliveries else None,
        has_received=any(one.state == DeliveryState.SUCCEEDED for one in deliveries),
        has_design=PageDesign.objects.of(shop).exists(),
        members=len(Membership.objects.filter(shop=shop).values("id")[:2]),
        is_somebody_invited=Invitation.objects.filter(shop=shop).exists(),
        customers_page=_customers_page(shop, parcel),
    )


def _deliveries(shop: Shop, webhook: Webhook | None) -> list[Delivery]:
    if webhook is None:
        return []
    rows = Delivery.objects.of(shop).filter(webhook=webhook, message__shop=shop)
    return list(rows.select_related("message").order_by("-created_at", "-id")[:MOST_LOOKED_AT])


def _customers_page(shop: Shop, parcel: TestParcel | None) -> str:
    if parcel is None:
        return ""
    url = tracking_page_url(shop.id, parcel.simulation.shipment.order_id)
    return f"{url}{SEEN_BY_SHOP}"
