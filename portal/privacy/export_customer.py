"""The job that exports what is held of a customer, some orders at a time."""

from django.db import transaction
from django.utils import timezone

from jobs.kinds import Batch, Result
from jobs.models import Job
from orders.models import Order
from portal.privacy.called import names_of
from portal.privacy.holdings import HELD, OF_ADDRESS, OF_ORDERS
from privacy.exporting import collect, make_file
from privacy.held import Customer
from privacy.models import Export

AT_ONCE = 20


class ExportCustomer:
    """`asked`: the `export`."""

    def count(self, job: Job) -> int:
        export = _export(job)
        return len(export.orders) if export else 0

    def work(self, job: Job, place: str) -> Batch:
        export = _export(job)
        if export is None or export.collected_at is not None:
            return Batch()
        rest = [order for order in sorted(export.orders) if str(order) > place]
        now, later = rest[:AT_ONCE], rest[AT_ONCE:]
        collect(export, Customer(shop=job.shop, orders=now), OF_ORDERS)
        if not later:
            customer = Customer(
                shop=job.shop,
                orders=export.orders,
                address=export.address,
                names=names_of(job.shop, export.orders),
            )
            collect(export, customer, OF_ADDRESS)
            export.collected_at = timezone.now()
            export.save(update_fields=["collected_at"])
            transaction.on_commit(lambda: make_file(export, HELD), robust=True)
        numbers = Order.objects.of(job.shop).filter(id__in=now).order_by("id")
        results = [
            Result(subject=number) for number in numbers.values_list("order_number", flat=True)
        ]
        return Batch(results=results, place=str(now[-1]) if later else "")


def _export(job: Job) -> Export | None:
    export = Export.objects.of(job.shop).filter(id=job.asked["export"]).first()
    if export is not None:
        export.shop = job.shop
    return export
