"""What the list of shipments can be narrowed to and sorted by; the URL holds all of it."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.api.paging import Cursor
from orders.segments import few_in_segment
from portal.filters import PlaceForm
from portal.paging import Sorting
from portal.search import search_shipments
from shipments.carriers import CARRIERS
from shipments.listing import newest_by
from shipments.models import Shipment, ShipmentQuerySet
from shipments.phases import Direction, Flag, Phase
from shops.models import Shop

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
UNKNOWN_CARRIER = "unknown"


class Sort(TextChoices):
    NEWEST = "newest", _("Newest first")
    OLDEST = "oldest", _("Oldest first")
    CHANGED = "changed", _("Last change first")
    UNCHANGED = "unchanged", _("Longest without change first")


@dataclass(frozen=True, kw_only=True)
class Applied:
    """One thing that the list is narrowed by."""

    name: str
    label: str
    word: str
    rest: str
    """The query string without it."""


def _day_filter(method: str, label: Any) -> django_filters.DateFilter:
    limits = {"type": "date", "min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()}
    return django_filters.DateFilter(
        method=method,
        label=label,
        widget=forms.DateInput(format="%Y-%m-%d", attrs=limits),
        input_formats=["%Y-%m-%d"],
    )


class ShipmentFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Days are those of the shop's time zone, which the caller has made the current one."""

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
    country_code = django_filters.CharFilter(
        method="to_country",
        label=_("Country"),
        min_length=2,
        max_length=2,
        widget=forms.TextInput(attrs={"placeholder": "DE", "autocomplete": "off"}),
    )
    segment = django_filters.CharFilter(
        method="in_segment",
        label=_("Segment"),
        max_length=255,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    placed_from = _day_filter("since", _("Placed from"))
    placed_to = _day_filter("until", _("Placed to"))
    sort = django_filters.ChoiceFilter(
        choices=Sort.choices, method="unfiltered", label=_("Sort"), empty_label=None
    )

    def __init__(self, said: QueryDict, *, shop: Shop) -> None:
        super().__init__(said, queryset=Shipment.objects.of(shop))
        self.shop = shop
        self.place = PlaceForm(said)

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
        return shipments.placed(since=_moment(day, time.min))

    def until(self, shipments: ShipmentQuerySet, name: str, day: date) -> ShipmentQuerySet:
        return shipments.placed(until=_moment(day, time.max))

    def unfiltered(self, shipments: ShipmentQuerySet, name: str, said: str) -> ShipmentQuerySet:
        return shipments

    @property
    def makes_sense(self) -> bool:
        known = {*self.base_filters, *PlaceForm.base_fields}
        return bool(known.issuperset(self.data) and self._is_valid() and self.place.is_valid())

    def _is_valid(self) -> bool:
        if not self.is_valid():
            return False
        days = (self.form.cleaned_data["placed_from"], self.form.cleaned_data["placed_to"])
        return all(FIRST_DAY <= day <= LAST_DAY for day in days if day)

    @property
    def found(self) -> ShipmentQuerySet:
        """What was asked for; nothing where the question makes no sense, never everything."""
        found: ShipmentQuerySet = self.qs if self.makes_sense else self.queryset.none()
        return found

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

    @property
    def words(self) -> str:
        """As typed, also where they could not be searched for."""
        return str(self.data.get("q", "")).replace("\x00", "")

    @property
    def said(self) -> dict[str, str]:
        """What was chosen, in the order of the filters, without what is so anyway."""
        if not self.makes_sense:
            return {"q": self.words} if self.words else {}
        said = {name: str(self.data.get(name, "")).strip() for name in self.base_filters}
        if said["sort"] == Sort.NEWEST:
            del said["sort"]
        return {name: value for name, value in said.items() if value}

    @property
    def query(self) -> str:
        """The query string of the list's first page."""
        return urlencode(self.said)

    @property
    def beside_search(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.said.items() if name != "q"]

    @property
    def beside_form(self) -> list[tuple[str, str]]:
        """What is chosen elsewhere than in the form of filters."""
        return [(name, self.said[name]) for name in ("q", "phase") if name in self.said]

    @property
    def in_form(self) -> list[forms.BoundField]:
        return [self.form[name] for name in self.base_filters if name not in ("q", "phase")]

    @property
    def applied(self) -> list[Applied]:
        """What the form of filters narrows the list by."""
        return [self._applied(name) for name in self.said if name not in ("q", "phase", "sort")]

    def _applied(self, name: str) -> Applied:
        field = self.form.fields[name]
        value = self.said[name]
        words = {str(code): str(word) for code, word in getattr(field, "choices", ())}
        rest = {other: said for other, said in self.said.items() if other != name}
        return Applied(
            name=name,
            label=str(field.label),
            word=words.get(value, value),
            rest=urlencode(rest),
        )

    @property
    def chosen_phase(self) -> str:
        return self.said.get("phase", "")

    @property
    def after(self) -> Cursor | None:
        return self._place("after")

    @property
    def before(self) -> Cursor | None:
        return self._place("before")

    def _place(self, name: str) -> Cursor | None:
        return self.place.cleaned_data.get(name) if self.place.is_valid() else None


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
