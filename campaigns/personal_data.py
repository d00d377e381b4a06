"""Which campaign brought an order: of the order and of the campaign, which stay."""

from django.utils.translation import gettext_lazy as _

from privacy.held import Held

HELD = (
    Held(
        what=_("Campaigns that brought orders"),
        table="campaigns_attribution",
        rows="held.order_id = ANY(%(orders)s)",
    ),
    Held(
        what=_("Segments of orders"),
        table="campaigns_fulfilledsegments",
        rows="held.order_id = ANY(%(orders)s)",
    ),
)
