"""What customers did on the tracking page. How often, and how many stars, stays: it is counted."""

from django.utils.translation import gettext_lazy as _

from privacy.held import Ageing, Held

HELD = (
    Held(
        what=_("Ratings"),
        table="engagement_rating",
        rows="held.order_id = ANY(%(orders)s)",
        becomes={"comment": "''"},
    ),
    Held(
        what=_("Views and clicks on the tracking page"),
        table="engagement_pageaction",
        rows="held.order_id = ANY(%(orders)s)",
    ),
)
AGEING = (
    Ageing(
        setting="page_action_days",
        held=Held(
            what=_("Views and clicks on the tracking page"),
            table="engagement_pageaction",
            rows="held.last_at < %(before)s",
            goes=True,
        ),
    ),
)
