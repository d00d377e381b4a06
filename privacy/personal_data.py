"""What this room itself holds: earlier exports, and erasures that never came to an end."""

from django.utils.translation import gettext_lazy as _

from privacy.held import Held

HELD = (
    Held(
        what=_("Exports of the customer’s data"),
        table="privacy_exportpart",
        by_address=True,
        rows="""held.export_id IN (SELECT export.id FROM privacy_export AS export
            WHERE export.shop_id = %(shop)s AND (export.address_digest = ANY(%(digests)s)
               OR export.address_digest = '' AND export.orders && %(orders)s::uuid[]))""",
        goes=True,
        is_told=False,
    ),
    Held(
        what=_("Exports of the customer’s data"),
        table="privacy_export",
        by_address=True,
        rows="""held.address_digest = ANY(%(digests)s)
            OR held.address_digest = '' AND held.orders && %(orders)s::uuid[]""",
        goes=True,
        files="file",
        untold=("encrypted_address", "file"),
    ),
    Held(
        what=_("Erasures"),
        table="privacy_erasure",
        by_address=True,
        rows="""held.address_digest = ANY(%(digests)s)
            OR held.address_digest = '' AND held.orders && %(orders)s::uuid[]""",
        becomes={"encrypted_address": "''", "encrypted_names": "''", "orders": "'{}'"},
        untold=("encrypted_address", "encrypted_names"),
    ),
)
