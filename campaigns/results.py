"""What came of campaigns: shown, clicked, repeat orders, revenue, and the effect itself.

Test orders count nowhere, cancelled ones bring nothing, and currencies are never added together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from campaigns.choice import Variant
from campaigns.lift import Difference, Share
from campaigns.models import Campaign
from common.replicas.reading import reading_connection
from shops.models import Shop

WITHIN = (7, 30, 90)
"""Days within which a customer buys again, to choose from."""
DEFAULT_WITHIN = 30


@dataclass(kw_only=True)
class Results:
    """Orders whose page showed the campaign (or held it out), and orders that it brought."""

    shown: int = 0
    held_out: int = 0
    clicked: int = 0
    repeat_orders: int = 0
    revenue: dict[str, Decimal] = field(default_factory=dict)
    """By currency; orders without a total add nothing."""

    @property
    def click_rate(self) -> float | None:
        return self.clicked / self.shown if self.shown else None


def results_of(shop: Shop, campaigns: Sequence[Campaign]) -> dict[UUID, Results]:
    """By campaign; two queries, however many there are."""
    found = {campaign.id: Results() for campaign in campaigns}
    with reading_connection().cursor() as cursor:
        cursor.execute(_ACTIONS, [shop.id, list(found), shop.id])
        for campaign_id, shown, held_out, clicked in cursor.fetchall():
            results = found[campaign_id]
            results.shown, results.held_out, results.clicked = shown, held_out, clicked
        cursor.execute(_BROUGHT, [shop.id, list(found), shop.id])
        for campaign_id, currency, count, revenue in cursor.fetchall():
            results = found[campaign_id]
            results.repeat_orders += count
            if revenue is not None:
                results.revenue[currency] = revenue
    return found


@dataclass(frozen=True, kw_only=True)
class Effect:
    """Of the customers to whom it was shown, who bought again within so many days; likewise of
    those held out.

    Each customer counts once, by the first page that showed (or held out) the campaign, and once
    the days have passed. A customer is an e-mail address, in any case.
    """

    days: int
    by_variant: dict[Variant, Share]
    waiting: int
    """Customers whose days have not passed yet."""
    unknown: int
    """Orders without an e-mail address: whether their customers came back cannot be known."""

    @property
    def lift(self) -> Difference:
        """Shown, in whichever variant, against held out."""
        shown = [self.by_variant[Variant.A], self.by_variant[Variant.B]]
        together = Share(
            part=sum(share.part for share in shown), whole=sum(share.whole for share in shown)
        )
        return Difference(of=together, against=self.by_variant[Variant.HOLDOUT])

    @property
    def b_against_a(self) -> Difference:
        return Difference(of=self.by_variant[Variant.B], against=self.by_variant[Variant.A])


def effect_of(shop: Shop, campaign: Campaign, *, days: int, at: datetime) -> Effect:
    """As far as it is known at that moment; two queries."""
    exposed = [shop.id, shop.id, campaign.id]
    decided = at - timedelta(days=days)
    with reading_connection().cursor() as cursor:
        cursor.execute(_AGAIN, [*exposed, decided, decided, shop.id, days])
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute(_WITHOUT_EMAIL, exposed)
        [unknown] = cursor.fetchone()
    by_variant = {
        variant: Share(part=rows[variant][1], whole=rows[variant][0])
        if variant in rows
        else Share(part=0, whole=0)
        for variant in Variant
    }
    return Effect(
        days=days,
        by_variant=by_variant,
        waiting=sum(row[2] for row in rows.values()),
        unknown=unknown,
    )


_ACTIONS = """
    SELECT a.campaign_id,
           count(DISTINCT a.order_id) FILTER (WHERE a.kind = 'shown' AND a.variant <> 'holdout'),
           count(DISTINCT a.order_id) FILTER (WHERE a.kind = 'shown' AND a.variant = 'holdout'),
           count(DISTINCT a.order_id) FILTER (WHERE a.kind = 'clicked')
      FROM engagement_pageaction a
      JOIN orders_order o ON o.shop_id = a.shop_id AND o.id = a.order_id
     WHERE a.shop_id = %s AND a.campaign_id = ANY(%s) AND o.shop_id = %s AND NOT o.is_test
     GROUP BY a.campaign_id
"""

_BROUGHT = """
    SELECT b.campaign_id, o.currency, count(*), sum(o.total_order_price)
      FROM campaigns_attribution b
      JOIN orders_order o ON o.shop_id = b.shop_id AND o.id = b.order_id
     WHERE b.shop_id = %s AND b.campaign_id = ANY(%s)
       AND o.shop_id = %s AND NOT o.is_test AND o.state <> 'cancelled'
     GROUP BY b.campaign_id, o.currency
"""

_EXPOSED = """
      FROM engagement_pageaction a
      JOIN orders_order o ON o.shop_id = a.shop_id AND o.id = a.order_id
     WHERE a.shop_id = %s AND o.shop_id = %s AND a.campaign_id = %s
       AND a.kind = 'shown' AND NOT o.is_test
"""

_AGAIN = f"""
    WITH exposed AS (
      SELECT DISTINCT ON (UPPER(o.email_id))
             UPPER(o.email_id) AS email, a.variant, a.first_at
      {_EXPOSED} AND o.email_id <> ''
       ORDER BY UPPER(o.email_id), a.first_at, a.id
    ), decided AS (
      SELECT *, first_at <= %s AS is_decided FROM exposed
    )
    SELECT variant,
           count(*) FILTER (WHERE is_decided),
           count(*) FILTER (WHERE first_at <= %s AND EXISTS (
             SELECT FROM orders_order later
              WHERE later.shop_id = %s AND UPPER(later.email_id) = decided.email
                AND later.order_placed_at > decided.first_at
                AND later.order_placed_at <= decided.first_at + make_interval(days => %s)
                AND NOT later.is_test AND later.state <> 'cancelled')),
           count(*) FILTER (WHERE NOT is_decided)
      FROM decided GROUP BY variant
"""

_WITHOUT_EMAIL = f"SELECT count(DISTINCT a.order_id) {_EXPOSED} AND o.email_id = ''"
