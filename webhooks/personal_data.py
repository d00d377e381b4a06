"""What webhooks hold of customers. That something was delivered stays; what was said goes.

What is on hold may outlive its event, and a test message has none: so messages are found, and
emptied, by what they say themselves.
"""

from django.utils.translation import gettext_lazy as _

from events.personal_data import what_stays
from privacy.held import Ageing, Held

_MESSAGES = """SELECT message.id FROM webhooks_message AS message
                WHERE message.shop_id = %(shop)s AND message.order_id = ANY(%(orders)s)"""

HELD = (
    Held(
        what=_("Messages to webhooks"),
        table="webhooks_message",
        rows="held.order_id = ANY(%(orders)s)",
        becomes={
            "body": f"""jsonb_set(jsonb_set(body::jsonb, '{{context}}',
                '{{"order": null, "customer": null, "shipments": [], "claims": []}}'),
                '{{event_data}}', {what_stays("body::jsonb -> 'event_data'")})::text"""
        },
    ),
    Held(
        what=_("Deliveries to webhooks"),
        table="webhooks_delivery",
        rows=f"held.message_id IN ({_MESSAGES})",
    ),
    Held(
        what=_("Attempts of deliveries"),
        table="webhooks_attempt",
        rows=f"""held.delivery_id IN (SELECT d.id FROM webhooks_delivery AS d
                  WHERE d.shop_id = %(shop)s AND d.message_id IN ({_MESSAGES}))""",
        becomes={"response_body": "''", "response_headers": "NULL"},
        untold=("request_headers",),
    ),
)
_OF_SHOP = "SELECT w.id FROM webhooks_webhook AS w WHERE w.shop_id = %(shop)s"

AGEING = (
    Ageing(
        setting="webhook_days",
        held=Held(
            what=_("Attempts of deliveries"),
            table="webhooks_attempt",
            rows=f"held.webhook_id IN ({_OF_SHOP}) AND held.created_at < %(before)s",
            goes=True,
        ),
    ),
    Ageing(
        setting="webhook_days",
        held=Held(
            what=_("Deliveries to webhooks"),
            table="webhooks_delivery",
            rows=f"""held.webhook_id IN ({_OF_SHOP}) AND held.created_at < %(before)s
                AND held.state IN ('succeeded', 'failed') AND held.finished_at < %(before)s
                AND NOT EXISTS (SELECT FROM webhooks_attempt AS attempt
                    WHERE attempt.shop_id = held.shop_id AND attempt.delivery_id = held.id)""",
            goes=True,
        ),
    ),
    Ageing(
        setting="webhook_days",
        held=Held(
            what=_("Messages to webhooks"),
            table="webhooks_message",
            rows="""held.created_at < %(before)s AND NOT EXISTS (
                SELECT FROM webhooks_delivery AS delivery
                 WHERE delivery.shop_id = held.shop_id AND delivery.message_id = held.id)""",
            goes=True,
        ),
    ),
)
