"""What people saved in the portal that names a customer: a search for them."""

from django.utils.translation import gettext_lazy as _

from privacy.held import Held

HELD = (
    Held(
        what=_("Saved views"),
        table="portal_savedfilter",
        by_address=True,
        rows="""position(%(address)s IN lower(held.query || ' ' || held.name)) > 0
            OR position(%(quoted)s IN lower(held.query)) > 0
            OR lower(held.name) ~ ANY(%(words)s::text[])
            OR lower(substring(held.query from '(?:^|&)q=([^&]*)')) ~ ANY(%(words)s::text[])""",
        goes=True,
    ),
)
