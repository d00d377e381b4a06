"""The search parameters of campaigns and discounts."""

import django_filters
from django.db.models import QuerySet
from django.utils import timezone

from campaigns.models import Campaign, CampaignStatus, Discount
from campaigns.selectors import in_status

ON_OR_OFF = [("true", "true"), ("false", "false")]


class CampaignFilters(django_filters.FilterSet):  # type: ignore[misc]
    status = django_filters.ChoiceFilter(choices=CampaignStatus.choices, method="with_status")
    enabled = django_filters.ChoiceFilter(choices=ON_OR_OFF, method="with_enabled")
    segment = django_filters.CharFilter()

    def with_status(
        self, campaigns: QuerySet[Campaign], name: str, status: str
    ) -> QuerySet[Campaign]:
        return in_status(campaigns, CampaignStatus(status), at=timezone.now())

    def with_enabled(
        self, campaigns: QuerySet[Campaign], name: str, said: str
    ) -> QuerySet[Campaign]:
        return campaigns.filter(is_enabled=said == "true")


class DiscountFilters(django_filters.FilterSet):  # type: ignore[misc]
    code = django_filters.CharFilter(lookup_expr="iexact", help_text="In any case.")
    type = django_filters.ChoiceFilter(choices=Discount.Type.choices)
