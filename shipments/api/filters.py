"""The search parameters of `GET /shipments` (the contract's section 4)."""

from datetime import datetime

import django_filters
from django import forms

from common.api.filters import TimestampFilter
from shipments.carriers import CARRIERS
from shipments.models import ShipmentQuerySet
from shipments.phases import Direction, Flag, Phase

COUNTRY_CODE = r"^[A-Za-z]{2}$"


class RegexFilter(django_filters.CharFilter):  # type: ignore[misc]
    field_class = forms.RegexField


class ShipmentFilters(django_filters.FilterSet):  # type: ignore[misc]
    phase = django_filters.ChoiceFilter(choices=Phase.choices)
    flag = django_filters.ChoiceFilter(choices=Flag.choices)
    carrier_reference = django_filters.ChoiceFilter(
        choices=[(carrier.reference, carrier.name) for carrier in CARRIERS.values()]
    )
    direction = django_filters.ChoiceFilter(choices=Direction.choices)
    country_code = RegexFilter(
        regex=COUNTRY_CODE, method="to_country", help_text="Where the order goes; in any case."
    )
    segment = django_filters.CharFilter(
        method="in_segment", help_text="One of the order’s segments."
    )
    tracking_number = django_filters.CharFilter(help_text="The whole number.")
    updated_since = TimestampFilter(
        "updated_at", "gte", help_text="Shipments that changed then or later."
    )
    placed_from = TimestampFilter(
        method="since", help_text="When the order was placed; this moment included."
    )
    placed_to = TimestampFilter(
        method="until", help_text="When the order was placed; this moment included."
    )

    def to_country(self, shipments: ShipmentQuerySet, name: str, code: str) -> ShipmentQuerySet:
        return shipments.to_country(code)

    def in_segment(self, shipments: ShipmentQuerySet, name: str, said: str) -> ShipmentQuerySet:
        return shipments.in_segment(said)

    def since(self, shipments: ShipmentQuerySet, name: str, at: datetime) -> ShipmentQuerySet:
        return shipments.placed(since=at)

    def until(self, shipments: ShipmentQuerySet, name: str, at: datetime) -> ShipmentQuerySet:
        return shipments.placed(until=at)
