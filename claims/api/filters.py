"""The search parameters of `GET /claims` (the contract's section 6)."""

import django_filters

from claims.models import ClaimStatus, Preference, Reason


class ClaimFilters(django_filters.FilterSet):  # type: ignore[misc]
    order_id = django_filters.UUIDFilter()
    shipment_id = django_filters.UUIDFilter()
    status = django_filters.ChoiceFilter(choices=ClaimStatus.choices)
    reason = django_filters.ChoiceFilter(choices=Reason.choices)
    resolution_preference = django_filters.ChoiceFilter(choices=Preference.choices)
