"""What the list of shipments can be narrowed to and sorted by; the URL holds all of it."""

from datetime import date

import django_filters
from django import forms
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from orders.segments import few_in_segment
from portal.country_field import CountryFilter
from portal.list_filters import (
    ListFilters,
    columns_filter,
    day_begins,
    day_ends,
    day_filter,
)
from portal.paging import Sorting
from portal.search import search_shipments
from shipments.carriers import CARRIERS
from shipments.listing import newest_by
from shipments.models import Shipment, ShipmentQuerySet
from shipments.phases import Direction, Flag, Phase
from shops.models import Shop

UNKNOWN_CARRIER = "unknown"


class Sort(TextChoices):
    NEWEST = "newest", _("Newest first")
    OLDEST = "oldest", _("Oldest first")
    CHANGED = "changed", _("Last change first")
    UNCHANGED = "unchanged", _("Longest without change first")


class ShipmentFilters(ListFilters):
    chips = "phase"
    days = ("placed_from", "placed_to")
    usual_sort = Sort.NEWEST

    q = django_filters.CharFilter(method="search", label=_("Search"), max_length=200)
    phase = django_filters.ChoiceFilter(choices=Phase.choices, label=_("Phase"))
    flag = django_filters.ChoiceFilter(choices=Flag.choices, label=_("Flag"), empty_label=_("Any"))
    carrier_reference = django_filters.ChoiceFilter(
        choices=[
            *sorted(
                ((carrier.reference, carrier.name) for carrier in CARRIERS.values()),
                key=lambda choice: choice[1].casefold(),
            ),
            (UNKNOWN_CARRIER, _("Not known")),
        ],
        method="by_carrier",
        label=_("Carrier"),
        empty_label=_("Any"),
    )
    direction = django_filters.ChoiceFilter(
        choices=Direction.choices, label=_("Direction"), empty_label=_("Any")
    )
    country_code = CountryFilter(method="to_country", label=_("Country"))
    segment = django_filters.CharFilter(
        method="in_segment",
        label=_("Segment"),
        max_length=255,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    placed_from = day_filter("since", _("Placed from"))
    placed_to = day_filter("until", _("Placed to"))
    sort = django_filters.ChoiceFilter(
        choices=Sort.choices, method="unfiltered", label=_("Sort"), empty_label=None
    )
    columns = columns_filter()

    def __init__(self, said: QueryDict, *, shop: Shop) -> None:
        super().__init__(said, queryset=Shipment.objects.of(shop))
        self.shop = shop

    def search(self, shipments: ShipmentQuerySet, name: str, words: str) -> ShipmentQuerySet:
        return search_shipments(shipments, self.shop, words)

    def by_carrier(self, shipments: ShipmentQuerySet, name: str, said: str) -> ShipmentQuerySet:
        if said == UNKNOWN_CARRIER:
            return shipments.fulfilled().filter(carrier_reference="")
        return shipments.filter(carrier_reference=said)

    def to_country(self, shipments: ShipmentQuerySet, name: str, code: str) -> ShipmentQuerySet:
        return shipments.to_country(code)

    def in_segment(self, shipments: ShipmentQuerySet, name: str, said: str) -> ShipmentQuerySet:
        few = few_in_segment(self.shop, said)
        found = shipments if few is None else shipments.filter(order_id__in=few)
        return found.in_segment(said)

    def since(self, shipments: ShipmentQuerySet, name: str, day: date) -> ShipmentQuerySet:
        return shipments.placed(since=day_begins(day))

    def until(self, shipments: ShipmentQuerySet, name: str, day: date) -> ShipmentQuerySet:
        return shipments.placed(until=day_ends(day))

    @property
    def sorting(self) -> Sorting:
        sort = self.said.get("sort")
        if sort in (Sort.CHANGED, Sort.UNCHANGED):
            return Sorting(by="updated_at", is_ascending=sort == Sort.UNCHANGED)
        return Sorting(by=newest_by(self.said), is_ascending=sort == Sort.OLDEST)

    @property
    def lasting_sorting(self) -> Sorting:
        """Newest first, whatever is chosen: by times that do not change while one reads."""
        return Sorting(by=newest_by(self.said))
