"""What jobs hold of customers: what was asked for, and what was said of an order's row."""

from django.utils.translation import gettext_lazy as _

from privacy.held import Held

HELD = (
    Held(
        what=_("Results of jobs"),
        table="jobs_jobrow",
        by_address=True,
        rows="""held.message <> '' AND (position(%(address)s IN lower(held.message)) > 0
            OR held.subject IN (SELECT o.order_number FROM orders_order AS o
                WHERE o.shop_id = %(shop)s AND o.id = ANY(%(orders)s)))""",
        becomes={"message": "''"},
    ),
    Held(
        what=_("Jobs that were asked for by an e-mail, a name or a phone"),
        table="jobs_job",
        by_address=True,
        rows="""held.state <> 'running' AND (
            position(%(address)s IN lower(held.asked::text || held.trouble)) > 0
            OR position(%(quoted)s IN lower(held.asked::text)) > 0
            OR lower(substring(held.asked ->> 'query' from '(?:^|&)q=([^&]*)'))
                ~ ANY(%(words)s::text[]))""",
        becomes={"asked": "asked - 'query'", "trouble": "''"},
    ),
)
