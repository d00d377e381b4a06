"""What is remembered of requests: an answer that holds one of the orders, or the e-mail.

Looked for once, for no index finds it; a day later it is gone anyway.
"""

from django.utils.translation import gettext_lazy as _

from privacy.held import Ageing, Held

HELD = (
    Held(
        what=_("Answers of the API, kept for repeated requests"),
        table="intake_idempotentrequest",
        by_address=True,
        rows="""position(%(address)s IN lower(held.content)) > 0 OR EXISTS (
            SELECT FROM unnest(%(orders)s::text[]) AS wanted(id)
             WHERE position(wanted.id IN held.content) > 0)""",
        goes=True,
        untold=("digest",),
    ),
)
AGEING = (
    Ageing(
        setting="answer_hours",
        held=Held(
            what=_("Answers of the API, kept for repeated requests"),
            table="intake_idempotentrequest",
            rows="held.created_at < %(before)s",
            goes=True,
        ),
    ),
)
