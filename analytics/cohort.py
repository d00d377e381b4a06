"""Whose numbers they are: the orders placed on the days of a period, by the shop's clock.

The day of an order is that of `order_placed_at` in the shop's time zone, as PostgreSQL says it;
the index is only asked for a window that surely holds the day (where clocks change at midnight, it
begins twice, or never).
Orders of test parcels are no orders. Cancelled ones stay in, marked, so that they can be named as
what was left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from analytics.business_days import holidays_of
from analytics.questions import Period
from shipments.arrival.calendars import calendar, country_of
from shipments.models import STALLED_AFTER, UNSCANNED_AFTER
from shops.models import Shop

COHORT = """
    cohort AS (
      SELECT o.id AS order_id, o.shop_id, o.order_placed_at, o.order_number,
             (o.order_placed_at AT TIME ZONE %(timezone)s)::date AS day,
             o.currency, coalesce(upper(o.address->>'country_code'), '') AS country,
             o.segments,
             coalesce((
               SELECT attribution.campaign_id::text FROM campaigns_attribution AS attribution
                WHERE attribution.shop_id = o.shop_id AND attribution.shop_id = %(shop)s
                  AND attribution.order_id = o.id
                LIMIT 1
             ), '') AS campaign,
             o.state = 'cancelled' AS is_cancelled, o.total_order_price AS price
        FROM unnest(%(firsts)s::date[], %(lasts)s::date[]) AS span(first, last)
        JOIN orders_order AS o
          ON o.shop_id = %(shop)s
         AND o.order_placed_at >= span.first::timestamp AT TIME ZONE %(timezone)s - interval '3h'
         AND o.order_placed_at < span.last::timestamp AT TIME ZONE %(timezone)s + interval '27h'
         AND (o.order_placed_at AT TIME ZONE %(timezone)s)::date BETWEEN span.first AND span.last
       WHERE NOT o.is_test
      OFFSET 0
    )
"""
"""With an offset, PostgreSQL looks for the campaign once for each order, and not at all where
nothing asks for it; else once for each cell that mentions it."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """The days of a shop that are read from the base tables, as spans that do not overlap."""

    shop: Shop
    spans: Sequence[Period]
    now: datetime

    def parameters(self) -> dict[str, Any]:
        """Of COHORT and of the subjects' units."""
        years = [day.year for span in self.spans for day in (span.first, span.last)]
        country = country_of(self.shop)
        local, days = self.now.astimezone(ZoneInfo(self.shop.timezone)), calendar(country)
        return {
            "shop": self.shop.id,
            "timezone": self.shop.timezone,
            "firsts": [span.first for span in self.spans],
            "lasts": [span.last for span in self.spans],
            "holidays": holidays_of(country, years),
            "now": self.now,
            "unscanned_before": days.back(local, UNSCANNED_AFTER),
            "stalled_before": days.back(local, STALLED_AFTER),
        }
