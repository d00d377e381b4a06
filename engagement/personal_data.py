"""What customers did on the tracking page. How often, and how many stars, stays: it is counted."""

from django.utils.translation import gettext_lazy as _

from privacy.held import Held

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
