"""What shops send: orders arrive with their trackings, one or a thousand, created or updated.

One transaction, one statement per table and kind of change, whatever the number of orders. Orders
are read first without a lock: what changes nothing ends there. New orders are inserted; should
somebody else have inserted one of them meanwhile, all is undone and tried again, and finds it.
"""

from collections.abc import Mapping, Sequence

from django.db import transaction

from common.errors import DomainError, Fault, Invalid
from common.retry import retried
from intake.inputs import UpsertInput
from intake.wave import Outcome, Upserted, Wave, outcome_of, references_of
from orders.errors import OrderReferenceAmbiguous
from orders.inputs import OrderInput
from orders.lookup import FoundOrders, find_orders
from shops.models import Shop

Items = Mapping[int, UpsertInput]
Results = dict[int, Upserted | DomainError]


class BulkRefused(Invalid):
    """Some items of a bulk were refused, so nothing was applied; the faults name each by index."""


def place_order(shop: Shop, said: OrderInput) -> Upserted:
    """Create an order; raises `OrderExists` when its number or external id is taken."""
    item = UpsertInput(id=said.order_number, order=said, trackings=[])
    planned = {0: (item, item.digest())}
    return _only(retried(lambda _: _apply(shop, planned, nothing_known=False, must_be_new=True)))


def upsert_order(shop: Shop, said: UpsertInput) -> Upserted:
    """Create or update one order. Raises what refuses it (`orders.errors`, `Invalid`)."""
    return _only(upsert_orders_leniently(shop, {0: said}))


def upsert_orders(shop: Shop, items: Items, *, faults: Sequence[Fault] = ()) -> dict[int, Upserted]:
    """Create or update all items or, raising `BulkRefused`, none; by their index.

    `faults` are those of further items that were refused already: with one, nothing is applied,
    but the other items are still looked at, so that the refusal names every bad one.
    """
    results = _upsert(shop, items, all_or_nothing=True, faults=faults)
    return {index: result for index, result in results.items() if isinstance(result, Upserted)}


def upsert_orders_leniently(shop: Shop, items: Items) -> Results:
    """Create or update those that can be; for each index the outcome, or what refused it."""
    return _upsert(shop, items, all_or_nothing=False)


def _only(results: Results) -> Upserted:
    [result] = results.values()
    if isinstance(result, DomainError):
        raise result
    return result


def _upsert(
    shop: Shop, items: Items, *, all_or_nothing: bool, faults: Sequence[Fault] = ()
) -> Results:
    planned = {index: (item, item.digest()) for index, item in items.items()}
    known = find_orders(shop, references_of(items.values()), lock=False)
    unchanged = {
        index: result
        for index, (item, digest) in planned.items()
        if (result := _recognise(known, item, digest))
    }
    if len(unchanged) == len(items) and not faults:
        return dict(unchanged)
    return retried(
        lambda attempt: _apply(
            shop,
            planned,
            all_or_nothing=all_or_nothing,
            faults=faults,
            nothing_known=known.is_empty and attempt == 0,
        )
    )


def _recognise(known: FoundOrders, item: UpsertInput, digest: str) -> Upserted | None:
    """The outcome, where the last change of the order was this very upsert."""
    try:
        order = known.one(item.reference)
    except OrderReferenceAmbiguous:
        return None
    if order is None or order.last_upsert_digest != digest:
        return None
    return outcome_of(Outcome.UNCHANGED, order, item)


@transaction.atomic
def _apply(
    shop: Shop,
    planned: Mapping[int, tuple[UpsertInput, str]],
    *,
    nothing_known: bool,
    all_or_nothing: bool = False,
    must_be_new: bool = False,
    faults: Sequence[Fault] = (),
) -> Results:
    """In waves: an upsert of an order that comes twice waits for what the first of them wrote."""
    results: Results = {}
    pending = dict(planned)
    while pending:
        wave = Wave(shop, [item for item, _ in pending.values()], nothing_known=nothing_known)
        postponed = {}
        for index, (item, digest) in pending.items():
            try:
                result = wave.take(item, digest, must_be_new=must_be_new)
            except DomainError as refusal:
                results[index] = refusal
                continue
            if result is None:
                postponed[index] = (item, digest)
            else:
                results[index] = result
        wave.save()
        pending, nothing_known = postponed, False
    if all_or_nothing:
        _refuse_if_any_failed(results, faults)
    return {index: results[index] for index in planned}


def _refuse_if_any_failed(results: Results, faults: Sequence[Fault]) -> None:
    found = list(faults)
    for index, result in results.items():
        if isinstance(result, DomainError):
            found += [fault.below(index) for fault in faults_of_item(result)]
    if found:
        refused = {fault.loc[0] for fault in found}
        raise BulkRefused(
            f"Items refused: {', '.join(map(str, sorted(refused, key=int)))}. None was applied.",
            sorted(found, key=lambda fault: int(fault.loc[0])),
        )


def faults_of_item(refusal: DomainError) -> Sequence[Fault]:
    """A refusal of one upsert as faults in it; one that names no path is about its reference."""
    return refusal.faults or (Fault(loc=("id",), msg=refusal.message, type=refusal.key),)
