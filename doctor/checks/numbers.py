"""The numbers' rollup beside the rows that it counts."""

from collections.abc import Iterator, Sequence
from datetime import date

from analytics.reading import snapshot
from analytics.self_check import clean_days, compare, mark
from doctor.check import ShopCheck, Trouble
from shops.models import Shop

AT_ONCE = 14
"""Days."""


def _differing(shop: Shop) -> Iterator[Trouble]:
    """Days that are clean now; a later batch looks at what is still clean then."""
    days = clean_days(shop)
    for first in range(0, len(days), AT_ONCE):
        with snapshot():
            still_clean = set(clean_days(shop))
            batch = [day for day in days[first : first + AT_ONCE] if day in still_clean]
            found = compare(shop, batch)
        by_day: dict[date, set[str]] = {}
        for difference in found:
            by_day.setdefault(difference.day, set()).add(difference.subject)
        for day, subjects in sorted(by_day.items()):
            detail = f"differs in {', '.join(sorted(subjects))}"
            yield Trouble(subject=day.isoformat(), label=f"the numbers of {day}", detail=detail)


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
