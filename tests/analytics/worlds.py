"""Shops in which everything odd happens, and odd things that happen to them afterwards."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection

from campaigns.models import Attribution, AttributionWay, Campaign
from claims.models import Claim, ClaimStatus, Flow, Reason
from engagement.models import ActionKind, PageAction, Rating
from orders.models import Order
from orders.states import OrderState
from shipments.models import Effect, Scan, Shipment
from shipments.phases import Direction, Flag, Phase
from shops.models import Shop
from tests.factories import make_shop

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",  # its clocks go back at 01:00 to 00:00
    "Australia/Lord_Howe",  # half an hour of daylight saving
    "Asia/Kathmandu",  # 5:45
    "Pacific/Chatham",  # 12:45, and 13:45
)
COUNTRIES = ("DE", "de", "AT", "US", "", None)
CURRENCIES = ("EUR", "EUR", "USD", "JPY")
CARRIERS = ("dhl", "dpd", "ups", "")
SEGMENTS = ("new", "returning", "high-value")
SCANS = (
    ("OUT_FOR_DELIVERY", Phase.IN_DELIVERY),
    ("DELIVERY_ATTEMPTED", Phase.IN_DELIVERY),
    ("DELIVERY_ATTEMPTED", Phase.RETURN_TRANSIT),
    ("DELIVERY_FAILED", Phase.DELIVERY_FAILED),
    ("LOST", Phase.DELIVERY_FAILED),
    ("DEPARTURE_FROM_TRANSPORT_HUB", Phase.IN_TRANSIT),
)
SENT_PHASES = tuple(phase for phase in Phase if phase != Phase.ORDER_CREATED)
AT_ONCE = 2_000
IN_A_STATEMENT = 50
"""Rows: the statements are the same ones then, and each is read but once (`tests.statements`)."""


def insert(model: type[Any], rows: list[Any]) -> None:
    model.objects.bulk_create(rows, batch_size=IN_A_STATEMENT)


class World:
    """One shop, its orders between two moments, and what random changes do to it."""

    def __init__(
        self,
        seed: int,
        *,
        orders: int,
        start: datetime = datetime(2026, 3, 1, tzinfo=UTC),
        days: int = 45,
        timezone: str | None = None,
    ) -> None:
        self.rng = Random(seed)
        self.start, self.days = start, days
        self.shop: Shop = make_shop(timezone=timezone or self.rng.choice(ZONES))
        self.campaigns = [
            Campaign.objects.create(shop=self.shop, name=name, code=name.lower())
            for name in ("Spring", "Summer")
        ]
        for begin in range(0, orders, AT_ONCE):
            self.add_orders(min(AT_ONCE, orders - begin))
            if begin == 0 and orders > AT_ONCE:
                # In one transaction nobody else does it, and triggers are planned by it.
                with connection.cursor() as cursor:
                    cursor.execute("SET statement_timeout = 0; ANALYZE")

    def add_orders(self, count: int) -> None:
        rng = self.rng
        orders = [self._order() for _ in range(count)]
        insert(Order, orders)
        parcels = [parcel for order in orders for parcel in self._parcels(order)]
        insert(Shipment, parcels)
        sent = [parcel for parcel in parcels if parcel.tracking_number]
        insert(
            Scan,
            [self._scan(parcel, place) for parcel in sent for place in range(rng.randrange(3))],
        )
        insert(Claim, [self._claim(p) for p in parcels if rng.random() < 0.15])
        insert(Rating, [self._rating(p) for p in sent if rng.random() < 0.3])
        insert(
            PageAction,
            [
                PageAction(shop=self.shop, order=order, kind=kind)
                for order in orders
                for kind in ActionKind.values
                if rng.random() < 0.4
            ],
        )
        insert(Attribution, [self._attribution(order) for order in orders if rng.random() < 0.1])

    def moment(self) -> datetime:
        """Often close to a midnight somewhere, and to a change of clocks."""
        rng = self.rng
        at = self.start + timedelta(seconds=rng.randrange(self.days * 86_400))
        if rng.random() < 0.5:
            minutes = rng.choice((-1, 0, 1, 15, 30, 45, 59)) + 60 * rng.randrange(24)
            at = at.replace(hour=0, minute=0, second=0) + timedelta(minutes=minutes)
        return at.replace(microsecond=rng.choice((0, 1, 999_999)))

    def _order(self) -> Order:
        rng = self.rng
        state = rng.choice((OrderState.PLACED, OrderState.FULFILLED, OrderState.FULFILLED))
        state = OrderState.CANCELLED if rng.random() < 0.05 else state
        number = f"{rng.getrandbits(64):x}"
        return Order(
            shop=self.shop,
            order_number=number,
            external_id=number,
            state=state,
            cancelled_at=self.start if state == OrderState.CANCELLED else None,
            order_placed_at=self.moment(),
            currency=rng.choice(CURRENCIES),
            total_order_price=self._price(),
            address=self._address(),
            segments=rng.choices(SEGMENTS, k=rng.randrange(4)),
            is_test=rng.random() < 0.03,
        )

    def _price(self) -> Decimal | None:
        rng = self.rng
        return None if rng.random() < 0.05 else Decimal(rng.randrange(2_000_000)) / 10_000

    def _address(self) -> dict[str, Any]:
        country = self.rng.choice(COUNTRIES)
        return {"zip_code": "10115", **({} if country is None else {"country_code": country})}

    def _parcels(self, order: Order) -> list[Shipment]:
        return [
            Shipment(shop=self.shop, order=order, position=place, **self._journey(order, place))
            for place in range(self.rng.choice((0, 1, 1, 1, 2, 3)))
        ]

    def _journey(self, order: Order, place: int) -> dict[str, Any]:
        rng = self.rng
        if rng.random() < 0.1:
            return {}
        sent_at = order.order_placed_at + timedelta(hours=rng.randrange(-2, 72))
        phase = rng.choice((Phase.DELIVERED, Phase.DELIVERED, Phase.DELIVERED, *SENT_PHASES))
        arrived_at = sent_at + timedelta(seconds=rng.randrange(-3_600, 12 * 86_400))
        if rng.random() < 0.1:
            arrived_at = sent_at + timedelta(days=3)  # just as long as the usual target
        has_arrived = phase == Phase.DELIVERED or phase.startswith("return_")
        return {
            "tracking_number": f"T{rng.getrandbits(48):x}{place}",
            "tracking_placed_at": sent_at,
            "carrier_reference": rng.choice(CARRIERS),
            "phase": phase,
            "direction": rng.choice(Direction.values),
            "flag": rng.choice(Flag.values),
            "delivered_at": arrived_at if has_arrived and rng.random() < 0.9 else None,
            "promised_end": self._window_end(arrived_at),
            "arrival_end": self._window_end(arrived_at),
            "arrival_source": rng.choice(("carrier", "history", "usual", "")),
            "is_test": rng.random() < 0.02,
        }

    def _window_end(self, arrived_at: datetime) -> datetime | None:
        rng = self.rng
        return None if rng.random() < 0.2 else arrived_at + timedelta(hours=rng.choice((-5, 0, 9)))

    def _scan(self, parcel: Shipment, place: int) -> Scan:
        name, phase = self.rng.choice(SCANS)
        return Scan(
            shop=self.shop,
            shipment=parcel,
            external_id=f"{place}-{self.rng.getrandbits(32)}",
            event_name=name,
            event_time=self.moment(),
            phase=phase,
            effect=self.rng.choice(Effect.values),
        )

    def _claim(self, parcel: Shipment) -> Claim:
        rng = self.rng
        items = (
            {"sku": "A"},
            {"sku": "B"},
            {"sku": "A"},
            {"sku": "", "title": "Mug"},
            {"title": "Mug"},
        )
        status = rng.choice(ClaimStatus.values)
        return Claim(
            shop=self.shop,
            order_id=parcel.order_id,
            shipment=parcel,
            reason=rng.choice(Reason.values),
            flow=rng.choice(("", *Flow.values)),
            status=status,
            decided_at=None if status == ClaimStatus.PENDING else self.start,
            is_test=rng.random() < 0.05,
            selected_items=rng.sample(items, rng.randrange(4)),
            phase_when_filed=rng.choice(Phase.values),
            deleted_at=self.start if rng.random() < 0.1 else None,
        )

    def _rating(self, parcel: Shipment) -> Rating:
        score = self.rng.randrange(1, 6)
        return Rating(shop=self.shop, order_id=parcel.order_id, shipment=parcel, score=score)

    def _attribution(self, order: Order) -> Attribution:
        return Attribution(
            shop=self.shop,
            order=order,
            campaign=self.rng.choice(self.campaigns),
            way=AttributionWay.REFERRAL,
            evidence="test",
            attributed_at=self.start,
        )

    # What happens afterwards

    def change(self) -> str:
        """One random change, by the models or by bare SQL; says which."""
        name = self.rng.choice([name for name in dir(self) if name.startswith("do_")])
        getattr(self, name)()
        return name

    def some(self, model: type[Any], **filters: Any) -> Any:
        """One row by chance, or None: the first one after a random id."""
        rows = model.objects.of(self.shop).filter(**filters)
        first, last = rows.order_by("id").first(), rows.order_by("-id").first()
        if first is None:
            return None
        chosen = UUID(int=self.rng.randint(first.id.int, last.id.int))
        return rows.filter(id__gte=chosen).order_by("id").first()

    def do_add(self) -> None:
        self.add_orders(self.rng.randrange(1, 4))

    def do_move(self) -> None:
        if order := self.some(Order):
            order.order_placed_at = self.moment()
            order.save(update_fields=["order_placed_at"])

    def do_move_many(self) -> None:
        day = self.moment()
        self._execute(
            "UPDATE orders_order SET order_placed_at = order_placed_at + interval '1 hour'"
            " WHERE shop_id = %s AND order_placed_at BETWEEN %s AND %s",
            [self.shop.id, day, day + timedelta(minutes=30)],
        )

    def do_edit_order(self) -> None:
        if order := self.some(Order):
            rng = self.rng
            order.total_order_price = self._price()
            order.currency = rng.choice(CURRENCIES)
            order.segments = rng.choices(SEGMENTS, k=rng.randrange(3))
            order.address = self._address()
            order.save()

    def do_cancel(self) -> None:
        if order := self.some(Order):
            is_cancelled = order.state == OrderState.CANCELLED
            order.state = OrderState.PLACED if is_cancelled else OrderState.CANCELLED
            order.cancelled_at = None if is_cancelled else self.start
            order.save()

    def do_journey(self) -> None:
        if parcel := self.some(Shipment, tracking_number__isnull=False):
            order = Order.objects.get(id=parcel.order_id)
            for name, value in self._journey(order, 0).items():
                setattr(parcel, name, value)
            parcel.save()

    def do_fulfil(self) -> None:
        if parcel := self.some(Shipment, tracking_number=None):
            order = Order.objects.get(id=parcel.order_id)
            for name, value in self._journey(order, 0).items():
                setattr(parcel, name, value)
            parcel.save()

    def do_detach(self) -> None:
        if parcel := self.some(Shipment, tracking_number__isnull=False):
            Scan.objects.filter(shipment=parcel).delete()
            parcel.tracking_number = parcel.tracking_placed_at = parcel.delivered_at = None
            parcel.phase = Phase.ORDER_CREATED
            parcel.save()

    def do_carrier_by_sql(self) -> None:
        self._execute(
            "UPDATE shipments_shipment SET carrier_reference = %s WHERE shop_id = %s"
            " AND carrier_reference = %s AND tracking_number LIKE %s",
            [self.rng.choice(CARRIERS), self.shop.id, self.rng.choice(CARRIERS), "Ta1%"],
        )

    def do_late_scan(self) -> None:
        if parcel := self.some(Shipment, tracking_number__isnull=False):
            self._scan(parcel, 99).save()

    def do_delete_scan(self) -> None:
        if scan := self.some(Scan):
            scan.delete()

    def do_claim(self) -> None:
        if parcel := self.some(Shipment, tracking_number__isnull=False):
            self._claim(parcel).save()

    def do_edit_claim(self) -> None:
        if claim := self.some(Claim):
            claim.reason = self.rng.choice(Reason.values)
            claim.deleted_at = self.start if claim.deleted_at is None else None
            claim.selected_items = [{"sku": "C"}]
            claim.save()

    def do_decide_claim(self) -> None:
        if claim := self.some(Claim):
            claim.status = self.rng.choice(ClaimStatus.values)
            claim.decided_at = None if claim.status == ClaimStatus.PENDING else self.start
            claim.save()

    def do_forget_parcel(self) -> None:
        """A parcel goes; its claims stay, and the database empties which parcel they are of."""
        if claim := self.some(Claim, shipment__isnull=False):
            parcel = [claim.shipment_id]
            for table in ("shipments_scan", "engagement_rating"):
                self._execute(f"DELETE FROM {table} WHERE shipment_id = %s", parcel)
            self._execute("DELETE FROM shipments_shipment WHERE id = %s", parcel)

    def do_delete_campaign(self) -> None:
        """As the product does: what it brought still counts."""
        campaign = self.rng.choice(self.campaigns)
        Campaign.objects.filter(id=campaign.id).update(deleted_at=self.start, is_enabled=False)

    def do_delete_claim(self) -> None:
        if claim := self.some(Claim):
            claim.delete()

    def do_rate(self) -> None:
        if rating := self.some(Rating):
            rating.score = self.rng.randrange(1, 6)
            rating.save()

    def do_delete_rating(self) -> None:
        if rating := self.some(Rating):
            rating.delete()

    def do_open_page(self) -> None:
        if order := self.some(Order):
            PageAction.objects.get_or_create(shop=self.shop, order=order, kind=ActionKind.CLICKED)

    def do_forget_page(self) -> None:
        if action := self.some(PageAction):
            action.delete()

    def do_attribute(self) -> None:
        if order := self.some(Order):
            Attribution.objects.filter(order=order).delete()
            self._attribution(order).save()

    def do_attribute_to_another(self) -> None:
        if attribution := self.some(Attribution):
            attribution.campaign = self.rng.choice(self.campaigns)
            attribution.save()

    def do_delete_order(self) -> None:
        """As the back office would: with all that hangs on it."""
        if order := self.some(Order):
            order.delete()

    def do_delete_by_sql(self) -> None:
        """Parents first; constraints wait for the end of the transaction."""
        if order := self.some(Order):
            for table in ("claims_claim", "engagement_rating", "engagement_pageaction"):
                self._execute(f"DELETE FROM {table} WHERE order_id = %s", [order.id])
            self._execute(
                "DELETE FROM shipments_scan WHERE shipment_id IN"
                " (SELECT id FROM shipments_shipment WHERE order_id = %s)",
                [order.id],
            )
            self._execute("DELETE FROM campaigns_attribution WHERE order_id = %s", [order.id])
            self._execute("DELETE FROM shipments_shipment WHERE order_id = %s", [order.id])
            self._execute("DELETE FROM orders_order WHERE id = %s", [order.id])

    def _execute(self, sql: str, parameters: list[Any]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
