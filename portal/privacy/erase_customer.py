"""The job that erases a customer, some orders at a time, under the locks of all order changes."""

from collections.abc import Callable, Sequence
from uuid import UUID

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from engagement.page_cache import forget_pages
from jobs.kinds import Batch, Result
from jobs.models import Job, Outcome
from orders.lookup import Reference, ReferenceType, find_orders
from orders.models import Order
from portal.privacy.called import names_of
from portal.privacy.holdings import OF_ADDRESS, OF_ORDERS
from privacy.erasing import erase
from privacy.held import Customer
from privacy.models import Erasure
from privacy.requests import finish_erasure, note_names
from shops.models import Shop

AT_ONCE = 20

log = structlog.get_logger()


class EraseCustomer:
    """`asked`: the `erasure`. A batch that is done again does what is left of it."""

    def count(self, job: Job) -> int:
        erasure = _erasure(job)
        return len(erasure.orders) if erasure else 0

    def work(self, job: Job, place: str) -> Batch:
        erasure = _erasure(job)
        if erasure is None or erasure.finished_at is not None:
            return Batch()
        if not place:
            note_names(erasure, names_of(job.shop, erasure.orders))
        rest = [order for order in sorted(erasure.orders) if str(order) > place]
        now, later = rest[:AT_ONCE], rest[AT_ONCE:]
        found = erase_locked(job.shop, now)
        if not later:
            customer = Customer(
                shop=job.shop,
                orders=erasure.orders,
                address=erasure.address,
                names=erasure.names,
            )
            erase(customer, OF_ADDRESS)
            finish_erasure(erasure)
            log.info("privacy.erased", shop=job.shop.slug, erasure=str(erasure.id))
        gone = [
            Result(
                subject=str(order), outcome=Outcome.SKIPPED, message=_("There is no such order.")
            )
            for order in set(now) - {one.id for one in found}
        ]
        done = [Result(subject=order.order_number) for order in found]
        return Batch(results=[*done, *gone], place=str(now[-1]) if later else "")


def erase_locked(
    shop: Shop,
    orders: Sequence[UUID],
    *,
    only_if: Callable[[Sequence[UUID]], Sequence[UUID]] | None = None,
) -> list[Order]:
    """Take the orders' locks and erase what is held by them; their pages go after the commit.

    `only_if` says, under the locks, which of them are meant after all. Returns those erased.
    """
    references = [Reference(ReferenceType.UUID, str(order)) for order in orders]
    found = find_orders(shop, references, lock=True).all
    if only_if is not None:
        meant = set(only_if([order.id for order in found]))
        found = [order for order in found if order.id in meant]
    erase(Customer(shop=shop, orders=[order.id for order in found]), OF_ORDERS)
    transaction.on_commit(lambda: _forget_pages(shop, found), robust=True)
    return found


def _forget_pages(shop: Shop, orders: Sequence[Order]) -> None:
    for order in orders:
        forget_pages(shop.id, order.id)


def _erasure(job: Job) -> Erasure | None:
    erasure = Erasure.objects.of(job.shop).filter(id=job.asked["erasure"]).first()
    if erasure is not None:
        erasure.shop = job.shop
    return erasure
