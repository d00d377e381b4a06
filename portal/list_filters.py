"""What every filtered list of the portal has in common; the URL holds all of it."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, ClassVar
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from common.api.paging import Cursor, CursorField
from common.countries import country_called
from portal.country_field import CountryField

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)


class PlaceForm(forms.Form):
    """Where in the list a page begins, or ends."""

    after = CursorField(required=False, max_length=200)
    before = CursorField(required=False, max_length=200)


@dataclass(frozen=True, kw_only=True)
class Applied:
    """One thing that the list is narrowed by."""

    name: str
    label: str
    word: str
    rest: str
    """The query string without it."""


def day_filter(method: str, label: Any) -> django_filters.DateFilter:
    limits = {"type": "date", "min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()}
    return django_filters.DateFilter(
        method=method,
        label=label,
        widget=forms.DateInput(format="%Y-%m-%d", attrs=limits),
        input_formats=["%Y-%m-%d"],
    )


def day_begins(day: date) -> datetime:
    """Days are those of the shop's time zone, which the caller has made the current one."""
    return timezone.make_aware(datetime.combine(day, time.min))


def day_ends(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))


def columns_filter() -> django_filters.CharFilter:
    """Which columns the list shows, with commas between them (`portal.columns`)."""
    return django_filters.CharFilter(method="unfiltered", max_length=300)


class ListFilters(django_filters.FilterSet):  # type: ignore[misc]
    """A list with a search `q`, chips for one of its filters, a form for the others, and `sort`.

    A question without sense finds nothing, never everything.
    """

    chips: ClassVar[str]
    """The filter that stands as chips above the list."""
    days: ClassVar[tuple[str, ...]]
    """The filters that are days."""
    usual_sort: ClassVar[str]

    def __init__(self, said: QueryDict, *, queryset: QuerySet[Any]) -> None:
        super().__init__(said, queryset=queryset)
        self.place = PlaceForm(said)

    def unfiltered(self, rows: QuerySet[Any], name: str, said: str) -> QuerySet[Any]:
        """For `sort` and `columns`, which narrow nothing."""
        return rows

    @property
    def makes_sense(self) -> bool:
        known = {*self.base_filters, *PlaceForm.base_fields}
        return bool(known.issuperset(self.data) and self._is_valid() and self.place.is_valid())

    def _is_valid(self) -> bool:
        if not self.is_valid():
            return False
        days = (self.form.cleaned_data[name] for name in self.days)
        return all(FIRST_DAY <= day <= LAST_DAY for day in days if day)

    @property
    def found(self) -> Any:
        """What was asked for; nothing where the question makes no sense, never everything."""
        return self.qs if self.makes_sense else self.queryset.none()

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
        if said["sort"] == self.usual_sort:
            del said["sort"]
        return {name: value for name, value in said.items() if value}

    @property
    def query(self) -> str:
        """The query string of the list's first page."""
        return urlencode(self.said)

    @property
    def is_narrowed(self) -> bool:
        """Whether fewer rows are shown than there are."""
        return bool(self.said.keys() - {"sort", "columns"})

    @property
    def beside_search(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.said.items() if name != "q"]

    @property
    def beside_form(self) -> list[tuple[str, str]]:
        """What is chosen elsewhere than in the form of filters."""
        return [(name, self.said[name]) for name in self._elsewhere if name in self.said]

    @property
    def in_form(self) -> list[forms.BoundField]:
        return [self.form[name] for name in self.base_filters if name not in self._elsewhere]

    @property
    def applied(self) -> list[Applied]:
        """What the form of filters narrows the list by."""
        elsewhere = (*self._elsewhere, "sort")
        return [self._applied(name) for name in self.said if name not in elsewhere]

    @property
    def _elsewhere(self) -> tuple[str, ...]:
        """What has no field in the form of filters."""
        return ("q", self.chips, "columns")

    def _applied(self, name: str) -> Applied:
        field, value = self.form.fields[name], self.said[name]
        is_country = isinstance(field, CountryField)
        words = {str(code): str(word) for code, word in getattr(field, "choices", ())}
        rest = {other: said for other, said in self.said.items() if other != name}
        return Applied(
            name=name,
            label=str(field.label),
            word=country_called(value) if is_country else words.get(value, value),
            rest=urlencode(rest),
        )

    @property
    def chosen(self) -> str:
        """The chip that is."""
        return self.said.get(self.chips, "")

    @property
    def after(self) -> Cursor | None:
        return self._place("after")

    @property
    def before(self) -> Cursor | None:
        return self._place("before")

    def _place(self, name: str) -> Cursor | None:
        return self.place.cleaned_data.get(name) if self.place.is_valid() else None
