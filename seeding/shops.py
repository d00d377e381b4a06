"""A shop to be filled: where it is, what it sells, how many orders it has had."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from campaigns.models import Campaign
from seeding.campaigns import seeded_campaigns
from seeding.catalogue import COUNTRIES, Country
from seeding.order_times import OrderTimes
from shops.models import Shop

BATCH = 500
"""Orders written in one transaction."""
FIRST_NUMBER = 100_001


@dataclass(kw_only=True)
class SeededShop:
    shop: Shop
    seed: int
    """Another one for each shop."""
    country_code: str
    range_name: str
    orders: int
    days: int
    until: datetime
    """Nothing has happened after this."""
    times: OrderTimes = field(init=False)
    campaigns: list[Campaign] = field(init=False)
    """The greatest priority first."""

    def __post_init__(self) -> None:
        self.times = OrderTimes(until=self.until, days=self.days, timezone=self.country.timezone)
        self.campaigns = seeded_campaigns(
            self.shop, opened_at=self.until - timedelta(days=self.days), days=self.days
        )

    @property
    def country(self) -> Country:
        return COUNTRIES[self.country_code]

    def batches(self) -> Iterator[range]:
        """The places of the orders, from 0, that belong together."""
        for start in range(0, self.orders, BATCH):
            yield range(start, min(start + BATCH, self.orders))
