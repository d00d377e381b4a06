"""What the inbox can be narrowed to and sorted by; the URL holds all of it."""

import re
from datetime import date, datetime, time
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import Q, TextChoices, TextField
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, ClaimQuerySet, ClaimStatus, Flow, Preference, Reason
from common.api.paging import Cursor
from orders.models import Order
from portal.filters import PlaceForm
from portal.paging import Sorting
from portal.search import search_shipments
from portal.shipment_filters import FIRST_DAY, LAST_DAY, Applied
from shipments.models import Shipment
from shops.models import Shop, User

REFERENCE = re.compile(r"[0-9A-Fa-f]{8}")
MOST_PARCELS = 200


class Sort(TextChoices):
    NEWEST = "newest", _("Newest first")
    OLDEST = "oldest", _("Oldest first")


class Whose(TextChoices):
    MINE = "mine", _("Mine")
    NOBODYS = "nobodys", _("Nobody’s")
    OTHERS = "others", _("Other people’s")


def _day(method: str, label: object) -> django_filters.DateFilter:
    limits = {"type": "date", "min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()}
    return django_filters.DateFilter(
        method=method,
        label=label,
        widget=forms.DateInput(format="%Y-%m-%d", attrs=limits),
        input_formats=["%Y-%m-%d"],
    )


class ClaimFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Days are those of the shop's time zone, which the caller has made the current one."""

    q = django_filters.CharFilter(method="search", label=_("Search"), max_length=200)
    status = django_filters.ChoiceFilter(choices=ClaimStatus.choices, label=_("State"))
    reason = django_filters.ChoiceFilter(
        choices=Reason.choices, label=_("Reason"), empty_label=_("Any")
    )
    flow = django_filters.ChoiceFilter(choices=Flow.choices, label=_("Flow"), empty_label=_("Any"))
    resolution_preference = django_filters.ChoiceFilter(
        choices=Preference.choices, label=_("Wish"), empty_label=_("Any")
    )
    whose = django_filters.ChoiceFilter(
        choices=Whose.choices, method="by_assignee", label=_("Assigned"), empty_label=_("Any")
    )
    filed_from = _day("since", _("Filed from"))
    filed_to = _day("until", _("Filed to"))
    sort = django_filters.ChoiceFilter(
        choices=Sort.choices, method="unfiltered", label=_("Sort"), empty_label=None
    )

    def __init__(self, said: QueryDict, *, shop: Shop, person: User) -> None:
        super().__init__(said, queryset=Claim.objects.of(shop).kept())
        self.shop, self.person = shop, person
        self.place = PlaceForm(said)

    def search(self, claims: ClaimQuerySet, name: str, words: str) -> ClaimQuerySet:
        """By what the order is found by, a tracking number, or the claim's own number."""
        orders = Order.objects.of(self.shop).matching(words)
        parcels = search_shipments(Shipment.objects.of(self.shop), self.shop, words)
        numbered = parcels.order_by().values_list("id", flat=True)[:MOST_PARCELS]
        wanted = Q(order__in=orders) | Q(shipment_id__in=list(numbered))
        if REFERENCE.fullmatch(words.strip()):
            claims = claims.alias(id_text=Cast("id", TextField()))
            wanted |= Q(id_text__endswith=words.strip().lower())
        return claims.filter(wanted)

    def by_assignee(self, claims: ClaimQuerySet, name: str, said: str) -> ClaimQuerySet:
        match said:
            case Whose.MINE:
                return claims.filter(assignee=self.person)
            case Whose.NOBODYS:
                return claims.filter(assignee=None)
        return claims.exclude(assignee=None).exclude(assignee=self.person)

    def since(self, claims: ClaimQuerySet, name: str, day: date) -> ClaimQuerySet:
        return claims.filter(created_at__gte=_moment(day, time.min))

    def until(self, claims: ClaimQuerySet, name: str, day: date) -> ClaimQuerySet:
        return claims.filter(created_at__lte=_moment(day, time.max))

    def unfiltered(self, claims: ClaimQuerySet, name: str, said: str) -> ClaimQuerySet:
        return claims

    @property
    def makes_sense(self) -> bool:
        known = {*self.base_filters, *PlaceForm.base_fields}
        return bool(known.issuperset(self.data) and self._is_valid() and self.place.is_valid())

    def _is_valid(self) -> bool:
        if not self.is_valid():
            return False
        days = (self.form.cleaned_data["filed_from"], self.form.cleaned_data["filed_to"])
        return all(FIRST_DAY <= day <= LAST_DAY for day in days if day)

    @property
    def found(self) -> ClaimQuerySet:
        """What was asked for; nothing where the question makes no sense, never everything."""
        found: ClaimQuerySet = self.qs if self.makes_sense else self.queryset.none()
        return found

    @property
    def sorting(self) -> Sorting:
        return Sorting(by="created_at", is_ascending=self.said.get("sort") == Sort.OLDEST)

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
        return [(name, self.said[name]) for name in ("q", "status") if name in self.said]

    @property
    def in_form(self) -> list[forms.BoundField]:
        return [self.form[name] for name in self.base_filters if name not in ("q", "status")]

    @property
    def applied(self) -> list[Applied]:
        """What the form of filters narrows the list by."""
        return [self._applied(name) for name in self.said if name not in ("q", "status", "sort")]

    def _applied(self, name: str) -> Applied:
        field, value = self.form.fields[name], self.said[name]
        words = {str(code): str(word) for code, word in getattr(field, "choices", ())}
        rest = {other: said for other, said in self.said.items() if other != name}
        return Applied(
            name=name,
            label=str(field.label),
            word=words.get(value, value),
            rest=urlencode(rest),
        )

    @property
    def chosen_status(self) -> str:
        return self.said.get("status", "")

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
