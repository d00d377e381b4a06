"""What is remembered of requests: an answer that holds one of the orders."""

from django.utils.translation import gettext_lazy as _

from privacy.held import Held

HELD = (
    Held(
        what=_("Answers of the API, kept for repeated requests"),
        table="intake_idempotentrequest",
        rows="""EXISTS (SELECT FROM unnest(%(orders)s::text[]) AS wanted(id)
                         WHERE position(wanted.id IN held.content) > 0)""",
        goes=True,
        untold=("digest",),
    ),
)
