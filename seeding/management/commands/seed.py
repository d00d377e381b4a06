"""`manage.py seed`: fill the database with shops and orders that look like real ones.

The same arguments make the same rows, ids included; the times hang on `--until`. Run again with the
same arguments, it brings only what is missing; another `--seed` adds other shops.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from common.database_session import session_connection
from seeding.loading import (
    Batch,
    analyze,
    create_shop_row,
    expect_arrivals,
    missing_batches,
    write_batches,
)
from seeding.plan import Plan, first_slug
from seeding.shops import SeededShop
from shops.models import Shop

LOCK = 4_715_002
"""Of the advisory lock: one seed at a time."""
WORTH_PROCESSES = 3_000
"""Orders from which on it pays to start processes of our own."""


class Command(BaseCommand):
    help = (
        "Add shops with believable orders. The same arguments make the same rows; run again, a "
        "seed that was interrupted goes on. Another --seed makes other shops."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--orders", type=whole_number, default=10_000, help="in all (10,000)")
        parser.add_argument(
            "--shops", type=whole_number, default=10, help="a few big, many small (10)"
        )
        parser.add_argument("--seed", type=whole_number, default=1, help="a number from 1 (1)")
        parser.add_argument("--days", type=whole_number, default=365, help="of orders (365)")
        parser.add_argument(
            "--until",
            type=date.fromisoformat,
            metavar="DATE",
            help="nothing happens on this day or after it (today; going on, as before)",
        )
        parser.add_argument(
            "--processes", type=whole_number, help="that think of orders (one for each core)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        plan = _plan(options)
        with _one_at_a_time():
            started = time.monotonic()
            seeded_shops = plan.seeded_shops()
            missing = {seeded.shop.slug: _prepared(seeded) for seeded in seeded_shops}
            batches = [(s, places) for s in seeded_shops for places in missing[s.shop.slug]]
            written = self._write(plan, batches, options)
            if written:
                analyze()
                for seeded in seeded_shops:
                    expect_arrivals(seeded)
        self._report(plan, seeded_shops, written, time.monotonic() - started)

    def _write(self, plan: Plan, batches: list[Batch], options: dict[str, Any]) -> int:
        count = sum(len(places) for _, places in batches)
        processes = 1 if count < WORTH_PROCESSES else len(os.sched_getaffinity(0))
        with tqdm(
            total=plan.orders,
            initial=plan.orders - count,
            unit=" orders",
            file=sys.stderr,
            disable=options["verbosity"] == 0,
        ) as progress:
            for written in write_batches(batches, processes=options["processes"] or processes):
                progress.update(written)
        return count

    def _report(
        self, plan: Plan, seeded_shops: list[SeededShop], written: int, seconds: float
    ) -> None:
        if not written:
            self.stdout.write(
                f"All {plan.orders:,} orders of seed {plan.seed} are there already. "
                "Another --seed makes other shops."
            )
            return
        self.stdout.write(
            f"Wrote {written:,} orders in {seconds:.1f} s ({written / seconds:,.0f}/s), "
            f"seed {plan.seed}, until {plan.until:%Y-%m-%d}. The biggest shops:"
        )
        for seeded in seeded_shops[:5]:
            shop = seeded.shop
            self.stdout.write(f"  {shop.slug}: {seeded.orders:,} orders, {seeded.country.name}")


def _plan(options: dict[str, Any]) -> Plan:
    if options["orders"] < options["shops"]:
        raise CommandError("--orders must be at least --shops: every shop gets an order.")
    seed, days = options["seed"], options["days"]
    until = (
        _midnight(options["until"])
        if options["until"]
        else _end_of_earlier(seed, days) or _midnight(timezone.now().date())
    )
    return Plan(seed=seed, orders=options["orders"], shops=options["shops"], days=days, until=until)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)


def _end_of_earlier(seed: int, days: int) -> datetime | None:
    """Until when the same seed went before, so that it can go on on another day."""
    shop = Shop.objects.filter(slug=first_slug(seed)).first()
    return None if shop is None else shop.created_at + timedelta(days=days)


def _prepared(seeded: SeededShop) -> list[range]:
    """What is missing of the shop's orders; makes the shop where it is missing itself."""
    shop = Shop.objects.filter(slug=seeded.shop.slug).first()
    if shop is None:
        create_shop_row(seeded)
        return list(seeded.batches())
    if shop.id != seeded.shop.id:
        raise CommandError(
            f"There is a shop “{shop.slug}” already, of another seed or of this one with other "
            "arguments. Repeat the arguments to go on with it, or give another --seed."
        )
    return missing_batches(seeded)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with session_connection().cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        [is_free] = cursor.fetchone()
    if not is_free:
        raise CommandError("Another seed is running on this database. Wait for it to end.")
    try:
        yield
    finally:
        with session_connection().cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def whole_number(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number
