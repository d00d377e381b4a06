"""The numbers' rollup beside the rows that it counts."""

import time
from collections.abc import Iterator, Sequence
from datetime import date

from analytics.reading import snapshot
from analytics.self_check import clean_days, clean_ones, compare, mark
from doctor.check import ShopCheck, Trouble
from shops.models import Shop

FIRST_DAYS = 7
MOST_DAYS = 112
"""Compared at once: twice as many as before where that was quick, half where it was slow."""
QUICK = 0.5  # seconds
SLOW = 2.0  # seconds


def _differing(shop: Shop) -> Iterator[Trouble]:
    """Days that are clean now; a later batch looks at what is still clean then."""
    days = clean_days(shop)
    count = FIRST_DAYS
    while days:
        batch, days = days[:count], days[count:]
        began = time.monotonic()
        with snapshot():
            found = compare(shop, clean_ones(shop, batch))
        count = _next_count(count, time.monotonic() - began)
        by_day: dict[date, set[str]] = {}
        for difference in found:
            by_day.setdefault(difference.day, set()).add(difference.subject)
        for day, subjects in sorted(by_day.items()):
            detail = f"differs in {', '.join(sorted(subjects))}"
            yield Trouble(subject=day.isoformat(), label=f"the numbers of {day}", detail=detail)


def _next_count(count: int, seconds: float) -> int:
    if seconds < QUICK:
        return min(count * 2, MOST_DAYS)
    return max(count // 2, 1) if seconds > SLOW else count


def _mark(shop: Shop, subjects: Sequence[str]) -> int:
    mark(shop, [date.fromisoformat(subject) for subject in subjects])
    return len(subjects)


ROLLUPS = ShopCheck(
    name="rollups",
    title="Numbers are what the rows behind them add up to",
    means="The dashboard and the API show wrong numbers for these days.",
    advice="--mend has these days worked out anew, within a minute; until then they are read from "
    "the rows. Were triggers off, such as in a restore? Then: manage.py rebuild_numbers",
    ask=_differing,
    mend=_mark,
)
