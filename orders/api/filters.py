"""The search parameters of `GET /orders` (the contract's section 3)."""

import django_filters
from django.db.models import Expression, F, QuerySet

from common.api.filters import TimestampFilter
from common.api.prepared_search import AnyOf
from orders.models import Order
from orders.states import OrderState
from shipments.selectors import orders_updated_since, orders_with_shipments


class OrderFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Used by a `PreparedSearch`: the methods get slots instead of values."""

    email_id = django_filters.CharFilter(
        lookup_expr="iexact", help_text="The whole address, in any case."
    )
    external_id = django_filters.CharFilter()
    order_name = django_filters.CharFilter()
    order_number = django_filters.CharFilter()
    uuid = django_filters.UUIDFilter(field_name="id")
    zip_code = django_filters.CharFilter()
    order_placed_from = TimestampFilter(
        "order_placed_at", "gte", help_text="This moment included; without a zone it is UTC."
    )
    order_placed_to = TimestampFilter(
        "order_placed_at", "lte", help_text="This moment included; without a zone it is UTC."
    )
    shipment_updated_since = TimestampFilter(
        method="updated_since", help_text="Orders of which a shipment changed then or later."
    )
    state = django_filters.ChoiceFilter(choices=OrderState.choices)
    segment = django_filters.CharFilter(
        method="in_segment", help_text="Orders that have it among their segments."
    )
    tracking_number = django_filters.CharFilter(
        method="with_tracking", help_text="Orders of which a shipment has this number."
    )

    def updated_since(self, orders: QuerySet[Order], name: str, since: object) -> QuerySet[Order]:
        return orders_updated_since(orders, since)

    def with_tracking(self, orders: QuerySet[Order], name: str, number: str) -> QuerySet[Order]:
        return orders_with_shipments(orders, tracking_number=number)

    def in_segment(
        self, orders: QuerySet[Order], name: str, segment: Expression
    ) -> QuerySet[Order]:
        """The index of segments is for `orders.segments`, which looks up those of few orders."""
        return orders.filter(AnyOf(segment, F("segments")))
