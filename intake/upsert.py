"""What shops send: orders arrive with their trackings, one or a thousand, created or updated.

One transaction, one statement per table and kind of change, whatever the number of orders. Orders
are read first without a lock: what changes nothing ends there. New orders are inserted; should
somebody else have inserted one of them meanwhile, all is undone and tried again, and finds it.
"""

from collections.abc import Sequence

from django.db import transaction

from common.errors import DomainError, Fault, Invalid
from common.retry import retried
from intake.inputs import UpsertInput
from intake.wave import Outcome, Upserted, Wave, outcome_of, references_of
from orders.inputs import OrderInput
from orders.lookup import FoundOrders, find_orders
from shops.models import Shop


class BulkRefused(Invalid):
    """Some items of a bulk were refused, so nothing was applied; the faults name each by index."""


def place_order(shop: Shop, said: OrderInput) -> Upserted:
    """Create an order; raises `OrderExists` when its number or external id is taken."""
    item = UpsertInput(id=said.order_number, order=said, trackings=[])
    return _one(
        retried(
            lambda _: _apply(shop, [(item, item.digest())], nothing_known=False, must_be_new=True)
        )
    )


def upsert_order(shop: Shop, said: UpsertInput) -> Upserted:
    """Create or update one order. Raises what refuses it (`orders.errors`, `Invalid`)."""
    return _one(upsert_orders_leniently(shop, [said]))


def upsert_orders(shop: Shop, items: Sequence[UpsertInput]) -> list[Upserted]:
    """Create or update all of them or, raising `BulkRefused`, none."""
    results = _upsert(shop, items, all_or_nothing=True)
    return [result for result in results if isinstance(result, Upserted)]


def upsert_orders_leniently(
    shop: Shop, items: Sequence[UpsertInput]
) -> list[Upserted | DomainError]:
    """Create or update those that can be; for each item its outcome, or what refused it."""
    return _upsert(shop, items, all_or_nothing=False)


def _one(results: list[Upserted | DomainError]) -> Upserted:
    [result] = results
    if isinstance(result, DomainError):
        raise result
    return result


def _upsert(
    shop: Shop, items: Sequence[UpsertInput], *, all_or_nothing: bool
) -> list[Upserted | DomainError]:
    planned = [(item, item.digest()) for item in items]
    known = find_orders(shop, references_of(items), lock=False)
    unchanged = [_recognise(known, item, digest) for item, digest in planned]
    if all(unchanged):
        return [result for result in unchanged if result is not None]
    return retried(
        lambda attempt: _apply(
            shop,
            planned,
            all_or_nothing=all_or_nothing,
            nothing_known=known.is_empty and attempt == 0,
        )
    )


def _recognise(known: FoundOrders, item: UpsertInput, digest: str) -> Upserted | None:
    """The outcome, where the last change of the order was this very upsert."""
    try:
        order = known.one(item.reference)
    except DomainError:
        return None
    if order is None or order.last_upsert_digest != digest:
        return None
    return outcome_of(Outcome.UNCHANGED, order, item)


@transaction.atomic
def _apply(
    shop: Shop,
    items: Sequence[tuple[UpsertInput, str]],
    *,
    nothing_known: bool,
    all_or_nothing: bool = False,
    must_be_new: bool = False,
) -> list[Upserted | DomainError]:
    """In waves: an upsert of an order that comes twice waits for what the first of them wrote."""
    results: dict[int, Upserted | DomainError] = {}
    pending = list(enumerate(items))
    while pending:
        wave = Wave(shop, [item for _, (item, _) in pending], nothing_known=nothing_known)
        postponed = []
        for index, (item, digest) in pending:
            try:
                result = wave.take(item, digest, must_be_new=must_be_new)
            except DomainError as refusal:
                results[index] = refusal
                continue
            if result is None:
                postponed.append((index, (item, digest)))
            else:
                results[index] = result
        wave.save()
        pending, nothing_known = postponed, False
    if all_or_nothing:
        _refuse_if_any_failed(results)
    return [results[index] for index in range(len(items))]


def _refuse_if_any_failed(results: dict[int, Upserted | DomainError]) -> None:
    faults: list[Fault] = []
    for index, result in sorted(results.items()):
        if isinstance(result, DomainError):
            own = result.faults or (Fault(loc=("id",), msg=result.message, type=result.key),)
            faults += [fault.below(index) for fault in own]
    if faults:
        refused = len({fault.loc[0] for fault in faults})
        raise BulkRefused(f"{refused} of {len(results)} items were refused; none applied.", faults)
