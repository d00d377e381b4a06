"""What `manage.py seed` leaves in the database."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F, Max, Min, Q

from campaigns.choice import variant_of
from campaigns.models import Attribution, AttributionWay, Campaign, Discount
from claims.flows import PLANS
from claims.models import Claim, ClaimStatus, Flow
from engagement.models import ActionKind, PageAction, Rating
from events.models import Event, Source
from intake.inputs import UpsertInput
from intake.upsert import upsert_order
from intake.wave import Outcome
from orders.models import Order, OrderLine
from orders.states import OrderState
from shipments.models import (
    ArrivalSource,
    Feed,
    Scan,
    Shipment,
    ShipmentLine,
    TransitHistory,
)
from shipments.phases import Direction, Phase
from shipments.scans.inputs import ScanInput
from shipments.scans.record import record_scan
from shops.models import Shop
from tests.factories import fulfil, make_shop, place

pytestmark = pytest.mark.django_db

ARGUMENTS = ("--orders", "500", "--shops", "4", "--days", "20", "--until", "2026-03-01")


def seed(*arguments: str) -> str:
    stdout = io.StringIO()
    call_command("seed", *(arguments or ARGUMENTS), stdout=stdout)
    return stdout.getvalue()


def snapshot() -> list[tuple]:
    tables = (
        *(Shop, Order, OrderLine, Shipment, ShipmentLine, Scan, Event),
        *(Discount, Campaign, Attribution, PageAction, Rating, Claim),
    )
    return [tuple(table.objects.order_by("id").values_list()) for table in tables]


def counted(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_it_writes_what_was_asked_for_and_shows_progress_on_stderr_only(capsys):
    said = seed()

    assert Order.objects.count() == 500
    assert Shop.objects.count() == 4
    assert said.startswith("Wrote 500 orders")
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "500/500" in printed.err


def test_states_follow_from_shipments():
    seed()

    orders = Order.objects.annotate(
        fulfilled=Count("shipments", filter=Q(shipments__tracking_number__isnull=False)),
        drafts=Count("shipments", filter=Q(shipments__tracking_number=None)),
    )
    for order in orders:
        expected = order.expected_number_of_shipments
        assert order.drafts == max(0, expected - order.fulfilled)
        if order.fulfilled == 0:
            assert order.state in (OrderState.PLACED, OrderState.CANCELLED)
        elif order.fulfilled < expected:
            assert order.state == OrderState.PARTIALLY_FULFILLED
        else:
            assert order.state == OrderState.FULFILLED
    assert {order.state for order in orders} == set(OrderState.values)


def test_the_log_tells_what_happened_and_nothing_else():
    seed()

    def told(ref: str) -> set:
        found = list(Event.objects.filter(ref=ref).values_list("order_id", flat=True))
        assert len(found) == len(set(found))
        return set(found)

    def orders(**conditions) -> set:
        return set(Order.objects.filter(**conditions).values_list("id", flat=True))

    assert told("orders/placed") == orders()
    assert told("orders/fulfilled") == orders(state=OrderState.FULFILLED)
    assert told("orders/cancelled") == orders(state=OrderState.CANCELLED)
    attached = Event.objects.filter(ref="shipments/order_processed/ORDER_IN_PROCESSING")
    assert sorted(attached.values_list("shipment_id", flat=True)) == sorted(
        Shipment.objects.fulfilled().values_list("id", flat=True)
    )


def test_the_last_event_of_a_shipment_gives_its_phase_and_its_update():
    seed()

    for shipment in Shipment.objects.fulfilled():
        last = Event.objects.filter(
            shop_id=shipment.shop_id, shipment_id=shipment.id, source=Source.SHIPMENTS
        ).latest("created_at", "id")
        assert last.event_data["phase"] == shipment.phase
        assert last.event_data["tracking_number"] == shipment.tracking_number
        assert last.event_data["event_id"] == str(last.id)
        assert last.created_at == shipment.updated_at
        delivered_at = last.created_at if shipment.phase == Phase.DELIVERED else None
        assert shipment.delivered_at == delivered_at
    assert Shipment.objects.filter(phase=Phase.DELIVERED).count() > 100


def test_times_ascend_and_none_lies_ahead():
    seed()

    assert not Event.objects.filter(created_at__gte="2026-03-01T00:00Z").exists()
    assert not Shipment.objects.filter(tracking_placed_at__lte=F("order__order_placed_at")).exists()
    spans = Event.objects.values("order_id").annotate(
        first=Min("created_at"), last=Max("created_at")
    )
    placed = dict(Order.objects.values_list("id", "order_placed_at"))
    assert all(span["first"] == placed[span["order_id"]] for span in spans)


def test_totals_add_up_and_every_order_has_lines():
    seed()

    for order in Order.objects.prefetch_related("lines"):
        lines = list(order.lines.all())
        assert 1 <= len(lines) <= 4
        assert [line.position for line in lines] == list(range(len(lines)))
        assert sum(line.quantity * line.price for line in lines) == order.sub_total_price
        total = order.sub_total_price - order.discount_price + order.shipping_price
        assert order.total_order_price == total > 0


def test_rows_stay_inside_their_shop():
    seed()

    for child, parent, key in (
        ("orders_orderline", "orders_order", "order_id"),
        ("shipments_shipment", "orders_order", "order_id"),
        ("shipments_shipmentline", "shipments_shipment", "shipment_id"),
        ("shipments_scan", "shipments_shipment", "shipment_id"),
        ("events_event", "orders_order", "order_id"),
        ("engagement_pageaction", "orders_order", "order_id"),
        ("engagement_rating", "shipments_shipment", "shipment_id"),
        ("claims_claim", "shipments_shipment", "shipment_id"),
        ("campaigns_attribution", "orders_order", "order_id"),
        ("campaigns_attribution", "campaigns_campaign", "campaign_id"),
    ):
        astray = f"""SELECT count(*) FROM {child} child LEFT JOIN {parent} parent
            ON parent.shop_id = child.shop_id AND parent.id = child.{key} WHERE parent.id IS NULL"""
        assert counted(astray) == 0


def test_parcels_of_one_order_share_its_lines():
    seed()

    for order in Order.objects.filter(
        state=OrderState.FULFILLED, expected_number_of_shipments__gt=1
    ):
        shipments = order.shipments.prefetch_related("lines")
        assert all(shipment.has_own_lines for shipment in shipments)
        sent = [s for s in shipments if s.direction == Direction.MERCHANT_CUSTOMER]
        skus = [line.sku for shipment in sent for line in shipment.lines.all()]
        assert sorted(skus) == sorted(order.lines.values_list("sku", flat=True))


def test_customers_open_the_page_rate_and_complain():
    seed()

    sent = Order.objects.filter(shipments__tracking_number__isnull=False).distinct().count()
    opened = PageAction.objects.filter(kind=ActionKind.OPENED).count()
    assert 0.5 < opened / sent < 0.8
    assert set(PageAction.objects.values_list("kind", flat=True)) == set(ActionKind.values)
    scores = list(Rating.objects.values_list("score", flat=True))
    assert sum(score >= 4 for score in scores) > len(scores) / 2
    assert not Rating.objects.filter(
        created_at__lte=F("shipment__delivered_at"),
    ).exists()
    assert 0.005 * sent < Claim.objects.count() < 0.08 * sent
    assert Claim.objects.exclude(status=ClaimStatus.PENDING).exists()


def test_the_log_tells_of_claims_what_became_of_them():
    seed()

    filed = Event.objects.filter(ref="claims/created").values_list("shipment_id", flat=True)
    decided = Event.objects.filter(ref="claims/updated").values_list("shipment_id", flat=True)
    claims = Claim.objects.all()
    assert sorted(filed) == sorted(claims.values_list("shipment_id", flat=True))
    assert sorted(decided) == sorted(
        claims.exclude(decided_at=None).values_list("shipment_id", flat=True)
    )


def test_pages_showed_and_claims_became_what_the_product_itself_would_say():
    seed()

    campaigns = {campaign.id: campaign for campaign in Campaign.objects.all()}
    actions = PageAction.objects.exclude(campaign_id=None)
    claims = Claim.objects.all()

    assert actions
    assert claims
    assert all(campaign.code for campaign in campaigns.values())
    assert {
        a.id for a in actions if a.variant != variant_of(campaigns[a.campaign_id], a.order_id)
    } == set()
    assert {c.id for c in claims if c.reason != PLANS[Flow(c.flow)].reason} == set()
    assert all(claim.amount > 0 for claim in claims)


def test_repeat_purchases_say_what_brought_them():
    seed()

    for attribution in Attribution.objects.select_related("order", "campaign__discount"):
        order, campaign = attribution.order, attribution.campaign
        match attribution.way:
            case AttributionWay.ANALYTICS:
                assert order.order_analytics["campaign_id"] == str(campaign.id)
            case AttributionWay.DISCOUNT:
                assert order.discounts[0]["code"] == campaign.discount.code
            case AttributionWay.REFERRAL:
                assert order.order_analytics["utm_source"] == "tracking_page"
        assert campaign.starts_at <= order.order_placed_at
    ways = set(Attribution.objects.values_list("way", flat=True))
    assert ways == set(AttributionWay.values)


def test_some_parcels_come_back_and_some_pay_in_their_own_currency():
    seed("--orders", "2000", "--shops", "1", "--days", "90", "--until", "2026-03-01")

    back = Shipment.objects.filter(direction=Direction.CUSTOMER_MERCHANT)
    assert 10 < back.count() < 100
    assert back.filter(phase=Phase.RETURN_RECEIVED).exists()
    assert not back.exclude(delivered_at=None).exists()
    assert set(Order.objects.values_list("currency", flat=True)) == {"EUR", "CHF"}


def test_customers_come_back():
    seed()

    buyers = Order.objects.values("shop", "email_id").annotate(orders=Count("id"))
    assert buyers.filter(orders__gt=1).exists()
    assert not Order.objects.exclude(email_id__regex=r"@example\.(com|org|net)$").exists()


def test_the_same_seed_again_writes_nothing():
    seed()
    before = snapshot()

    said = seed()

    assert "are there already" in said
    assert snapshot() == before


def test_an_interrupted_seed_goes_on_where_it_stopped():
    arguments = ("--orders", "1300", "--shops", "1", "--days", "20", "--until", "2026-03-01")
    seed(*arguments)
    complete = snapshot()
    lost = Order.objects.filter(order_number__gt="100500", order_number__lte="101000")
    Event.objects.filter(order_id__in=lost.values("id")).delete()
    TransitHistory.objects.all().delete()
    lost.delete()

    seed("--orders", "1300", "--shops", "1", "--days", "20")

    assert snapshot() == complete


def test_another_seed_adds_shops():
    seed()
    seed(*ARGUMENTS, "--seed", "2")

    assert (Shop.objects.count(), Order.objects.count()) == (8, 1000)


def test_the_same_seed_with_other_arguments_is_refused_and_changes_nothing():
    seed()
    before = snapshot()

    with pytest.raises(CommandError, match="with other arguments"):
        seed("--orders", "600", "--shops", "4", "--days", "20")

    assert snapshot() == before


@pytest.mark.parametrize(
    "arguments",
    [("--orders", "0"), ("--orders", "2", "--shops", "3"), ("--shops", "x"), ("--until", "soon")],
)
def test_nonsense_is_refused(arguments):
    with pytest.raises(CommandError):
        seed(*arguments)

    assert not Shop.objects.exists()


def test_a_seeded_draft_is_fulfilled_by_an_upsert():
    seed()
    order = Order.objects.filter(state=OrderState.PLACED, expected_number_of_shipments=1).first()
    draft = order.shipments.get()

    result = upsert_order(
        order.shop,
        UpsertInput.model_validate(
            {"id": order.order_number, "trackings": [{"tracking_number": "LATE-1"}]}
        ),
    )

    order.refresh_from_db()
    assert (result.outcome, order.state) == (Outcome.UPDATED, OrderState.FULFILLED)
    assert order.shipments.get().id == draft.id
    assert order.shipments.get().tracking_number == "LATE-1"


def test_the_last_upsert_of_a_seeded_order_changes_nothing_when_it_comes_again():
    seed()
    sent = Order.objects.annotate(parcels=Count("shipments"))
    order = sent.filter(state=OrderState.FULFILLED, parcels=1).first()
    shipment = order.shipments.get()
    again = {
        "id": order.order_number,
        "trackings": [
            {
                "tracking_number": shipment.tracking_number,
                "tracking_placed_at": shipment.tracking_placed_at,
                "carrier_reference": shipment.carrier_reference,
                "tracking_company": shipment.tracking_company,
            }
        ],
    }

    said = UpsertInput.model_validate(again)

    assert said.digest() == order.last_upsert_digest
    assert upsert_order(order.shop, said).outcome == Outcome.UNCHANGED


def test_a_seeded_order_is_stored_as_an_upserted_one():
    """Sent through intake to another shop, the same order gives the same row and the same lines."""
    seed()
    other = make_shop(currency="EUR")
    different = {"id", "shop_id", "created_at", "updated_at", "last_upsert_digest"}
    placed = Order.objects.filter(state=OrderState.PLACED, shop__currency="EUR")[:5]
    assert placed
    for seeded in placed:
        fields = {f.attname: getattr(seeded, f.attname) for f in Order._meta.concrete_fields}
        products = list(seeded.lines.values())
        upsert = {
            "id": seeded.order_number,
            "order": {**fields, "products": products},
            "trackings": [],
        }

        upsert_order(other, UpsertInput.model_validate(upsert))

        upserted = Order.objects.of(other).get(order_number=seeded.order_number)
        for name in fields.keys() - different:
            assert getattr(upserted, name) == getattr(seeded, name), name
        assert upserted.lines.count() == len(products)
        told = Event.objects.get(shop=other, order_id=upserted.id).event_data
        expected = Event.objects.get(shop_id=seeded.shop_id, order_id=seeded.id).event_data
        assert {**told, "order_id": None} == {**expected, "order_id": None}
        upserted.delete()


def test_the_scans_of_a_seeded_shipment_reported_again_bring_it_where_it_is():
    seed()
    other = make_shop()
    seeded = Shipment.objects.fulfilled().exclude(phase_scan_id=None).select_related("order")
    assert {Phase.DELIVERED, Phase.IN_TRANSIT} <= set(seeded.values_list("phase", flat=True))
    for number, shipment in enumerate(seeded.order_by("-updated_at")[:60]):
        again = fulfil(
            other,
            place(other),
            f"R{number}",
            tracking_placed_at=shipment.tracking_placed_at.isoformat(),
        ).shipments.get()
        scans = Scan.objects.of(shipment.shop).filter(shipment_id=shipment.id)
        for scan in scans.order_by("received_at", "id"):
            said = ScanInput.model_construct(
                event_name=scan.event_name,
                event_time=scan.event_time,
                external_id=scan.external_id,
                location=scan.location,
            )
            recorded = record_scan(again, said, feed=Feed.CARRIER)
            assert recorded.effect == scan.effect

        again.refresh_from_db()
        for column in ("phase", "phase_since", "flag", "last_scan_at", "delivered_at", "pickup"):
            assert getattr(again, column) == getattr(shipment, column), column
        newest = Scan.objects.of(shipment.shop).get(id=shipment.phase_scan_id)
        assert (newest.shipment_id, newest.event_time) == (shipment.id, shipment.last_scan_at)


def test_parcels_on_their_way_are_expected_by_the_shops_own_history():
    seed("--orders", "600", "--shops", "1", "--days", "30", "--until", "2026-03-01")

    on_their_way = Shipment.objects.on_their_way().filter(direction="merchant_customer")
    sources = list(on_their_way.values_list("arrival_source", flat=True))
    assert sources.count(ArrivalSource.HISTORY) > 0.8 * len(sources) > 0
    assert TransitHistory.objects.get().deliveries > 300
