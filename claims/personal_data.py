"""What claims hold of customers. That there was one, about what, and how it ended, stays."""

from django.utils.translation import gettext_lazy as _

from privacy.held import Held

_CLAIMS = """SELECT c.id FROM claims_claim AS c
              WHERE c.shop_id = %(shop)s AND c.order_id = ANY(%(orders)s)"""
_DRAFTS = """SELECT d.id FROM claims_claimdraft AS d
              WHERE d.shop_id = %(shop)s AND d.order_id = ANY(%(orders)s)"""

HELD = (
    Held(
        what=_("Photos and signatures"),
        table="claims_claimphoto",
        rows=f"held.claim_id IN ({_CLAIMS}) OR held.draft_id IN ({_DRAFTS})",
        goes=True,
        files="file",
    ),
    Held(
        what=_("Answers to claims, by e-mail"),
        table="claims_claimmail",
        rows=f"""held.entry_id IN (SELECT entry.id FROM claims_claimentry AS entry
                  WHERE entry.shop_id = %(shop)s AND entry.claim_id IN ({_CLAIMS}))""",
        goes=True,
    ),
    Held(
        what=_("History of claims"),
        table="claims_claimentry",
        rows=f"held.claim_id IN ({_CLAIMS})",
        becomes={
            "text": "CASE WHEN kind IN ('ruled', 'assigned') THEN text ELSE '' END",
            "details": "details - 'to'",
        },
    ),
    Held(
        what=_("Claims that were begun"),
        table="claims_claimdraft",
        rows="held.order_id = ANY(%(orders)s)",
        goes=True,
    ),
    Held(
        what=_("Claims"),
        table="claims_claim",
        rows="held.order_id = ANY(%(orders)s)",
        becomes={
            "description": "''",
            "selected_items": "(SELECT coalesce(jsonb_agg("
            "one || '{\"image_urls\": []}' ORDER BY place), '[]')"
            " FROM jsonb_array_elements(selected_items) WITH ORDINALITY AS each(one, place))",
            "image_urls": "'[]'",
            "customer_signature_image_url": "''",
            "signed_by": "''",
            "answer": "''",
        },
    ),
)
