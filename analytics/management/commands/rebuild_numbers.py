"""`manage.py rebuild_numbers`: work the rollups of shops out anew, such as after a restore.

It may run at any time, and be stopped at any time: numbers stay exact, only slower to read, and
what is left is done by the next run or by the worker.
"""

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from analytics.dirt import days_of
from analytics.refresh import rebuild, refresh
from analytics.self_check import check_sample
from orders.models import Order
from shops.models import Shop

ALL_DAYS = 1_000_000


class Command(BaseCommand):
    help = "Work out the numbers of all shops, or of those named, anew from the base tables."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", nargs="*", help="of a shop; all shops if none is given")
        parser.add_argument(
            "--continue",
            action="store_true",
            dest="goes_on",
            help="do only what is left of a rebuild, or changed since",
        )
        parser.add_argument(
            "--check", action="store_true", help="only compare: report what differs, and mark it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        shops = _named(options["slug"])
        if options["check"]:
            self._check(shops)
            return
        started = time.monotonic()
        orders = Order.objects.filter(shop__in=shops).count()
        if not options["goes_on"]:
            for shop in shops:
                rebuild(shop)
        days = {shop: len(days_of(shop, None)) for shop in shops}
        with tqdm(
            total=sum(days.values()),
            unit=" days",
            file=sys.stderr,
            disable=options["verbosity"] == 0,
        ) as progress:
            busy = [shop for shop in shops if not refresh(shop, told=progress.update)]
        seconds = time.monotonic() - started
        self.stdout.write(
            f"Worked out {orders:,} orders of {len(shops):,} shops in {seconds:.1f} s"
            f" ({60 * orders / seconds:,.0f} a minute)."
        )
        if busy:
            names = ", ".join(shop.slug for shop in busy)
            self.stdout.write(f"The worker was at these at the same time, and goes on: {names}.")

    def _check(self, shops: list[Shop]) -> None:
        found = [one for shop in shops for one in check_sample(shop, days=ALL_DAYS)]
        for one in found:
            self.stdout.write(
                f"{one.shop.slug}: {one.subject} by {one.dimension or 'nothing'} on {one.day}"
            )
        if found:
            raise CommandError(f"{len(found):,} rows differ; their days will be worked out anew.")
        self.stdout.write("Every day that counts as clean is as the base tables have it.")


def _named(slugs: list[str]) -> list[Shop]:
    if not slugs:
        return list(Shop.objects.order_by("slug"))
    shops = list(Shop.objects.filter(slug__in=slugs).order_by("slug"))
    if missing := set(slugs) - {shop.slug for shop in shops}:
        raise CommandError(f"There is no shop {', '.join(sorted(missing))}.")
    return shops
