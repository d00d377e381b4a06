"""Sequences of upserts, amendments and cancellations beside a small model of the rules.

The model knows nothing of rows: per shop and order number it holds what is expected, which
trackings came (each with its company), which products, and whether it was cancelled.
"""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.errors import DomainError
from intake.inputs import UpsertInput
from intake.upsert import upsert_order, upsert_orders_leniently
from intake.wave import Upserted
from orders.models import Order
from orders.services import cancel_order
from shipments.models import Shipment
from shipments.services import amend_order
from shops.models import Shop
from tests.documented_order import documented_order
from tests.factories import make_shop

pytestmark = pytest.mark.django_db


@dataclass
class Modelled:
    expected: int = 1
    skus: tuple[str, ...] = ()
    trackings: dict[str, str] = field(default_factory=dict)
    is_cancelled: bool = False

    @property
    def state(self) -> str:
        if self.is_cancelled:
            return "cancelled"
        if not self.trackings:
            return "placed"
        return "fulfilled" if len(self.trackings) >= self.expected else "partially_fulfilled"

    @property
    def drafts(self) -> int:
        return max(0, self.expected - len(self.trackings))


numbers = st.sampled_from(["1", "2"])
shops = st.sampled_from([0, 1])
trackings = st.lists(
    st.tuples(st.sampled_from("ABCD"), st.sampled_from([None, "DHL", "UPS"])), max_size=4
)
orders = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "expected_number_of_shipments": st.integers(1, 4),
        "products": st.lists(st.sampled_from(["a", "b"]), max_size=2).map(
            lambda skus: [{"sku": sku} for sku in skus]
        ),
    },
)
id_types = st.sampled_from(["order_number", "external_id"])
"""An order that was placed without an external id has its number as one."""
upserts = st.tuples(st.just("upsert"), shops, numbers, st.tuples(orders, trackings, id_types))
amendments = st.tuples(st.just("amend"), shops, numbers, st.integers(1, 4))
cancellations = st.tuples(st.just("cancel"), shops, numbers, st.none())


thoroughly = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@thoroughly
@given(steps=st.lists(upserts | upserts | amendments | cancellations, min_size=1, max_size=12))
def test_any_sequence_ends_as_the_rules_say(db, steps):
    rows = [make_shop(), make_shop()]
    model: list[dict[str, Modelled]] = [{}, {}]

    for verb, index, number, said in steps:
        shop, modelled = rows[index], model[index]
        outcome = _do(shop, verb, number, said)
        assert outcome == _do_modelled(modelled, verb, number, said), (verb, number, said)

        for index, shop in enumerate(rows):
            assert _stored(shop) == model[index]
            _check_drafts(shop, model[index])


@thoroughly
@given(said=st.lists(st.tuples(numbers, orders, trackings, id_types), min_size=1, max_size=10))
def test_a_bulk_is_its_upserts_one_after_the_other(db, said):
    singly, at_once = make_shop(), make_shop()
    upserts = [_upsert(*one) for one in said]

    outcomes = [_outcome_of(singly, upsert) for upsert in upserts]
    results = upsert_orders_leniently(at_once, dict(enumerate(upserts)))

    assert [_said_of(result) for result in results.values()] == outcomes
    assert _stored(at_once) == _stored(singly)
    _check_drafts(at_once, _stored(singly))


def _outcome_of(shop: Shop, upsert: UpsertInput) -> str:
    try:
        return _said_of(upsert_order(shop, upsert))
    except DomainError as refusal:
        return refusal.key


def _said_of(result: Upserted | DomainError) -> str:
    return result.outcome.value if isinstance(result, Upserted) else result.key


def _do(shop: Shop, verb: str, number: str, said: Any) -> str:
    try:
        if verb == "upsert":
            return upsert_order(shop, _upsert(number, *said)).outcome.value
        order = Order.objects.of(shop).filter(order_number=number).first()
        if order is None:
            return "order_not_found"
        if verb == "cancel":
            cancel_order(order)
        else:
            amend_order(order, expected=said)
    except DomainError as refusal:
        return refusal.key
    return "done"


def _upsert(
    number: str, order: dict[str, Any] | None, trackings: list[Any], id_type: str
) -> UpsertInput:
    document = None
    if order is not None:
        document = documented_order(order_number=number, external_id=None)
        del document["expected_number_of_shipments"], document["products"]
        document |= order
    sent = [{"tracking_number": n, "tracking_company": company} for n, company in trackings]
    return UpsertInput.model_validate(
        {"id": number, "id_type": id_type, "order": document, "trackings": sent}
    )


def _do_modelled(modelled: dict[str, Modelled], verb: str, number: str, said: Any) -> str:
    order = modelled.get(number)
    if verb == "upsert":
        return _upsert_modelled(modelled, number, *said)
    if order is None:
        return "order_not_found"
    if verb == "cancel":
        if order.trackings:
            return "order_fulfilled"
        order.is_cancelled = True
        return "done"
    if order.is_cancelled:
        return "order_cancelled"
    order.expected = said
    return "done"


def _upsert_modelled(
    modelled: dict[str, Modelled],
    number: str,
    said: dict[str, Any] | None,
    trackings: list[Any],
    id_type: str,
) -> str:
    order = modelled.get(number)
    if order is None and said is None:
        return "order_not_found"
    if order is not None and order.is_cancelled:
        return "order_cancelled"
    is_new = order is None
    order = modelled.setdefault(number, Modelled())
    before = (order.expected, order.skus, dict(order.trackings))
    if said is not None:
        order.expected = said.get("expected_number_of_shipments", order.expected)
        if "products" in said:
            order.skus = tuple(product["sku"] for product in said["products"])
    first_of_each = dict(reversed(trackings))
    for tracking_number, company in first_of_each.items():
        kept = order.trackings.get(tracking_number, "")
        order.trackings[tracking_number] = company or kept
    if is_new:
        return "created"
    after = (order.expected, order.skus, order.trackings)
    return "unchanged" if before == after else "updated"


def _stored(shop: Shop) -> dict[str, Modelled]:
    stored = {}
    for order in Order.objects.of(shop):
        fulfilled = Shipment.objects.of(shop).filter(order=order).fulfilled()
        lines = order.lines.order_by("position").values_list("sku", flat=True)
        kept = Modelled(
            expected=order.expected_number_of_shipments,
            skus=tuple(lines),
            trackings={s.tracking_number: s.tracking_company for s in fulfilled},
            is_cancelled=order.is_cancelled,
        )
        assert order.state == kept.state
        stored[order.order_number] = kept
    return stored


def _check_drafts(shop: Shop, modelled: dict[str, Modelled]) -> None:
    drafts = Shipment.objects.of(shop).drafts()
    assert drafts.count() == sum(order.drafts for order in modelled.values())
