"""Which shops a seed makes: a few big ones, many small ones, in many countries."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from seeding.catalogue import COUNTRIES, RANGES, SHOP_NAMES
from seeding.customers import pick
from seeding.ids import SeededIds
from seeding.shops import SeededShop
from shops.models import Organization, Shop

STEEPNESS = 0.9
"""Of Zipf's law: the second shop has 2 ** -0.9 times as many orders as the first."""
WHERE = (
    "DE",
    "DE",
    "DE",
    "GB",
    "AT",
    "FR",
    "US",
    "NL",
    "CH",
    "IT",
    "SE",
    "BE",
    "ES",
    "DK",
    "PL",
    "IE",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """All that decides what a seed writes."""

    seed: int
    orders: int
    shops: int
    days: int
    until: datetime

    def seeded_shops(self) -> list[SeededShop]:
        sizes = shop_sizes(self.orders, self.shops)
        return [self._shop(number, orders) for number, orders in enumerate(sizes, start=1)]

    def _shop(self, number: int, orders: int) -> SeededShop:
        """The slug follows from seed and number alone; the id from everything, times included."""
        rng = _rng(self.seed, number)
        name, range_name = pick(rng, SHOP_NAMES), pick(rng, RANGES)
        country = COUNTRIES[WHERE[0] if number == 1 else pick(rng, WHERE)]
        opened_at = self.until - timedelta(days=self.days)
        ids = SeededIds(Random(f"{self.seed} {self.orders} {self.shops} {self.days} {number}"))
        slug = _slug(self.seed, number)
        return SeededShop(
            shop=Shop(
                id=ids.at(opened_at),
                slug=slug,
                name=f"{name} {range_name}",
                organization=Organization(
                    id=ids.at(opened_at), name=f"{name} {range_name} ({slug})"
                ),
                timezone=country.timezone,
                currency=country.currency,
                language=country.language,
                created_at=opened_at,
            ),
            seed=self.seed * 100_003 + number,
            country_code=country.code,
            range_name=range_name,
            orders=orders,
            days=self.days,
            until=self.until,
        )


def first_slug(seed: int) -> str:
    """Of the biggest shop."""
    return _slug(seed, 1)


def shop_sizes(orders: int, shops: int) -> list[int]:
    """How many orders each shop gets: at least one, the biggest first, `orders` in all."""
    weights = [place**-STEEPNESS for place in range(1, shops + 1)]
    spare, total = orders - shops, sum(weights)
    sizes = [1 + int(spare * weight / total) for weight in weights]
    for place in range(orders - sum(sizes)):
        sizes[place % shops] += 1
    return sizes


def _rng(seed: int, number: int) -> Random:
    return Random(f"{seed} {number}")


def _slug(seed: int, number: int) -> str:
    rng = _rng(seed, number)
    return f"{pick(rng, SHOP_NAMES)}-{pick(rng, RANGES)}-{seed}-{number}".lower()
