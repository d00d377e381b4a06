"""What shops send: orders arrive with their trackings, one or a thousand, created or updated.

One transaction, one statement per table and kind of change, whatever the number of orders. Orders
are read first without a lock: what changes nothing ends there. New orders are inserted; should
somebody else have inserted one of them meanwhile, all is undone and tried again, and finds it.
"""

from collections.abc import Mapping, Sequence

from django.db import transaction

from common.counters import ORDERS, counter
from common.errors import DomainError, Fault, Invalid
from common.retry import retried
from common.statements import pipelined
from intake.inputs import UpsertInput
from intake.wave import Outcome, Upserted, Wave, outcome_of, references_of
from orders.errors import OrderReferenceAmbiguous
from orders.inputs import OrderInput
from orders.lookup import FoundOrders, ReferenceType, find_orders
from shops.models import Shop

PIECE = 100
"""Orders written at a time: PostgreSQL unpacks shorter documents faster."""

Items = Mapping[int, UpsertInput]
Planned = Mapping[int, tuple[UpsertInput, str]]
"""With each item's digest."""
Results = dict[int, Upserted | DomainError]


class BulkRefused(Invalid):
    """Some items of a bulk were refused, so nothing was applied; the faults name each by index."""


def place_order(shop: Shop, said: OrderInput) -> Upserted:
    """Create an order; raises `OrderExists` when its number or external id is taken."""
    item = UpsertInput(id=said.order_number, order=said, trackings=[])
    planned = {0: (item, item.digest())}
    return _only(
        _counted(retried(lambda _: _apply(shop, planned, nothing_known=False, must_be_new=True)))
    )


def upsert_order(shop: Shop, said: UpsertInput) -> Upserted:
    """Create or update one order. Raises what refuses it (`orders.errors`, `Invalid`)."""
    return _only(upsert_orders_leniently(shop, {0: said}))


def upsert_orders(shop: Shop, items: Items, *, faults: Sequence[Fault] = ()) -> dict[int, Upserted]:
    """Create or update all items or, raising `BulkRefused`, none; by their index.

    `faults` are those of further items that were refused already: with one, nothing is applied,
    but the other items are still looked at, so that the refusal names every bad one.
    """
    results = _counted(_upsert(shop, items, all_or_nothing=True, faults=faults))
    return {index: result for index, result in results.items() if isinstance(result, Upserted)}


def upsert_orders_leniently(shop: Shop, items: Items) -> Results:
    """Create or update those that can be; for each index the outcome, or what refused it."""
    return _counted(_upsert(shop, items, all_or_nothing=False))


def _counted(results: Results) -> Results:
    for result in results.values():
        outcome = result.outcome.value if isinstance(result, Upserted) else "refused"
        counter(ORDERS, outcome).inc()
    return results


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
    planned: Planned,
    *,
    nothing_known: bool,
    all_or_nothing: bool = False,
    must_be_new: bool = False,
    faults: Sequence[Fault] = (),
) -> Results:
    if nothing_known and _are_different(planned):
        results = _create(shop, planned)
    else:
        results = _apply_in_waves(shop, planned, must_be_new=must_be_new)
    if all_or_nothing:
        _refuse_if_any_failed(results, faults)
    return {index: results[index] for index in planned}


def _are_different(planned: Planned) -> bool:
    """Whether each brings an order, and no two of them could mean the same one."""
    if len(planned) == 1:
        return True
    called = [reference for item, _ in planned.values() for reference in set(item.references())]
    return len(set(called)) == len(called) and all(
        item.order is not None and item.reference.type is not ReferenceType.ORDER_NAME
        for item, _ in planned.values()
    )


def _create(shop: Shop, planned: Planned) -> Results:
    """All at once in one pipeline: PostgreSQL writes a piece while the next one is planned.

    In the order of their numbers, so that two bulks of the same orders do not wait for each other
    crosswise.
    """
    results: Results = {}
    waves = []
    by_number = sorted(planned, key=lambda index: planned[index][0].number)
    with pipelined():
        for start in range(0, len(by_number), PIECE):
            piece = {index: planned[index] for index in by_number[start : start + PIECE]}
            wave = Wave(shop, [item for item, _ in piece.values()], nothing_known=True)
            _take(wave, piece, results)
            wave.save()
            waves.append(wave)
    for wave in waves:
        wave.check_written()
    return results


def _apply_in_waves(shop: Shop, planned: Planned, *, must_be_new: bool) -> Results:
    """An upsert of an order that comes twice waits for what the first of them wrote."""
    results: Results = {}
    pending = dict(planned)
    while pending:
        wave = Wave(shop, [item for item, _ in pending.values()])
        pending = _take(wave, pending, results, must_be_new=must_be_new)
        with pipelined():
            wave.save()
        wave.check_written()
    return results


def _take(
    wave: Wave, planned: Planned, results: Results, *, must_be_new: bool = False
) -> dict[int, tuple[UpsertInput, str]]:
    """Plan the items, noting what becomes of each; answers those that must wait."""
    postponed = {}
    for index, (item, digest) in planned.items():
        try:
            result = wave.take(item, digest, must_be_new=must_be_new)
        except DomainError as refusal:
            results[index] = refusal
            continue
        if result is None:
            postponed[index] = (item, digest)
        else:
            results[index] = result
    return postponed


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
