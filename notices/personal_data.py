"""What mails hold of customers. That there was one stays; to whom and what it said goes."""

from django.utils.translation import gettext_lazy as _

from privacy.held import Ageing, Held

HELD = (
    Held(
        what=_("Mails"),
        table="notices_mail",
        rows="held.order_id = ANY(%(orders)s)",
        becomes={
            "recipient": "CASE audience WHEN 'staff' THEN recipient ELSE '' END",
            "subject": "''",
            "text": "''",
            "html": "''",
            "error": "''",
            "finished_at": "CASE state WHEN 'waiting' THEN now() ELSE finished_at END",
            "leased_until": "CASE state WHEN 'waiting' THEN NULL ELSE leased_until END",
            "state": "CASE state WHEN 'waiting' THEN 'skipped' ELSE state END",
        },
    ),
)
AGEING = (
    Ageing(
        setting="mail_days",
        held=Held(
            what=_("Mails"),
            table="notices_mail",
            rows="held.created_at < %(before)s AND held.text <> ''",
            becomes={"text": "''", "html": "''"},
        ),
    ),
)
