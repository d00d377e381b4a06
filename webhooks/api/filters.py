"""The search parameters of deliveries and replays."""

import django_filters
from django.db.models import QuerySet

from common.api.filters import TimestampFilter
from webhooks.models import Delivery, DeliveryState


class DeliveryFilters(django_filters.FilterSet):  # type: ignore[misc]
    state = django_filters.ChoiceFilter(choices=DeliveryState.choices)
    event_id = django_filters.UUIDFilter(field_name="message_id")
    order_id = django_filters.UUIDFilter(field_name="message__order_id")
    event_group = django_filters.CharFilter(field_name="message__event_group")
    ref = django_filters.CharFilter(method="below")
    created_from = TimestampFilter("created_at", "gte")
    created_to = TimestampFilter("created_at", "lt")

    def below(self, rows: QuerySet[Delivery], name: str, path: str) -> QuerySet[Delivery]:
        """The path itself, or those that start with it, segment by segment."""
        return rows.filter(message__ref=path) | rows.filter(message__ref__startswith=f"{path}/")


class ReplayFilters(django_filters.FilterSet):  # type: ignore[misc]
    """None but paging."""
