"""What orders hold of customers. Their numbers, lines and prices stay; the person goes."""

from django.utils.translation import gettext_lazy as _

from privacy.held import Held

ZIP_AREA = (
    r"coalesce(substring(regexp_replace(upper(address ->> 'zip_code'), '[^0-9A-Z]', '', 'g')"
    r" from '^([0-9]{2}|[A-Z]{2}|[A-Z][0-9])'), '')"
)
"""As `shipments.arrival.destinations.zip_area`, which arrivals are estimated by."""

HELD = (
    Held(
        what=_("Orders"),
        table="orders_order",
        rows="held.id = ANY(%(orders)s)",
        becomes={
            "email_id": "''",
            "external_customer_id": "''",
            "address": "jsonb_strip_nulls(jsonb_build_object("
            f"'zip_code', {ZIP_AREA}, 'country', address -> 'country',"
            " 'country_code', address -> 'country_code'))",
            "discounts": "(SELECT"
            " coalesce(jsonb_agg(one || '{\"code\": \"\"}' ORDER BY place), '[]')"
            " FROM jsonb_array_elements(discounts) WITH ORDINALITY AS each(one, place))",
            "order_status_url": "''",
            "preferred_delivery_date": "NULL",
            "user_agent": "NULL",
            "order_analytics": "'{}'",
            "last_upsert_digest": "''",
            "updated_at": "now()",
            "erased_at": "now()",
        },
        untold=("search_text", "last_upsert_digest"),
    ),
    Held(
        what=_("Lines of orders"),
        table="orders_orderline",
        rows="held.order_id = ANY(%(orders)s)",
    ),
)
