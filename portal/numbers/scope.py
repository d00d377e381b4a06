"""What the numbers on a page are of: days, comparison and filters; the URL holds all of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from analytics.answering import LONGEST_PERIOD
from analytics.labels import labels_of
from analytics.questions import (
    FIRST_DAY,
    LAST_DAY,
    NONE,
    Dimension,
    Interval,
    Period,
    Question,
)
from campaigns.models import Campaign
from portal.country_field import CountryField
from portal.list_filters import Applied
from portal.numbers.periods import Comparison, Preset, intervals_for, period_of, usual_interval
from portal.numbers.spans import interval_words, span_words
from shipments.carriers import CARRIERS
from shops.models import Shop

FILTERS = ("carrier", "country", "segment", "campaign")
"""Of every page of numbers; the rows behind one are narrowed by all that it is split up by."""
FURTHER = {
    Dimension.CURRENCY: _("Currency"),
    Dimension.PHASE: _("Phase"),
    Dimension.FLAG: _("Flag"),
    Dimension.REASON: _("Reason"),
    Dimension.FLOW: _("Way"),
    Dimension.PRODUCT: _("Product"),
    Dimension.KIND: _("What is odd"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One of several links, of which one is chosen."""

    key: str
    words: str
    query: str
    is_chosen: bool


class DayInput(forms.DateInput):
    def __init__(self) -> None:
        limits = {"min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()}
        super().__init__(format="%Y-%m-%d", attrs={"type": "date", **limits})


def _day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        required=False, label=label, widget=DayInput(), input_formats=["%Y-%m-%d"]
    )


class ScopeForm(forms.Form):
    """Days are those of the shop's time zone, which the caller has made the current one."""

    period = forms.ChoiceField(required=False, label=_("Period"), choices=Preset.choices)
    interval = forms.ChoiceField(
        required=False, label=_("Steps"), choices=[(one, one) for one in Interval]
    )
    compare = forms.ChoiceField(required=False, label=_("Compare with"), choices=Comparison.choices)
    carrier = forms.ChoiceField(
        required=False,
        label=_("Carrier"),
        choices=[
            ("", _("Any")),
            (NONE, _("Not known")),
            *sorted(
                ((carrier.reference, carrier.name) for carrier in CARRIERS.values()),
                key=lambda choice: choice[1].casefold(),
            ),
        ],
    )
    country = CountryField(words=(NONE,), required=False, label=_("Country"))
    segment = forms.CharField(
        required=False,
        label=_("Segment"),
        max_length=255,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    campaign = forms.ChoiceField(required=False, label=_("Campaign"))

    def __init__(
        self, said: QueryDict, *, campaigns: Mapping[str, str], further: Collection[Dimension]
    ) -> None:
        super().__init__(said)
        for dimension in further:
            self.fields[dimension.value] = forms.CharField(
                required=False, label=FURTHER[dimension], max_length=255
            )
        self.fields["from"] = _day_field(_("From"))
        self.fields["to"] = _day_field(_("To"))
        names = [("", _("Any")), (NONE, _("None")), *campaigns.items()]
        self.fields["campaign"].choices = names  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        first, last = found.get("from"), found.get("to")
        if first and last and first > last:
            self.add_error("from", _("This must not be after the last day."))
        elif first and last and (last - first).days >= LONGEST_PERIOD:
            self.add_error("from", _("These are too many days: ten years are the most."))
        elif found.get("period") == Preset.CUSTOM and not (first and last):
            self.add_error("from", _("Say both the first and the last day."))
        for day in (first, last):
            if day and not FIRST_DAY <= day <= LAST_DAY:
                self.add_error("from", _("Choose days between 2000 and 2199."))
        return found


class Scope:
    """Where the question makes no sense, it is of the last 30 days, and `faults` says why."""

    def __init__(
        self, said: QueryDict, *, shop: Shop, split_by: Collection[Dimension] = ()
    ) -> None:
        """`split_by`: by what else it may be narrowed, of one number."""
        self.shop = shop
        further = [dimension for dimension in split_by if dimension in FURTHER]
        self.dimensions = (*map(Dimension, FILTERS), *further)
        campaigns = Campaign.objects.of(shop).order_by("-created_at")[:200]
        self.campaigns = {str(campaign.id): campaign.name for campaign in campaigns}
        self.form = ScopeForm(said, campaigns=self.campaigns, further=further)
        self.makes_sense = self.form.is_valid()
        self.today = timezone.localdate()

    @property
    def faults(self) -> list[str]:
        return [str(fault) for faults in self.form.errors.values() for fault in faults]

    @cached_property
    def _clean(self) -> dict[str, Any]:
        return self.form.cleaned_data if self.makes_sense else {}

    @cached_property
    def preset(self) -> Preset:
        if self._clean.get("from") and self._clean.get("to"):
            return Preset.CUSTOM
        return Preset(self._clean.get("period") or Preset.DAYS_30)

    @cached_property
    def period(self) -> Period:
        if self.preset is Preset.CUSTOM:
            return Period(self._clean["from"], self._clean["to"])
        return period_of(self.preset, self.today)

    @cached_property
    def interval(self) -> Interval:
        said = self._clean.get("interval")
        if said and Interval(said) in intervals_for(self.period):
            return Interval(said)
        return usual_interval(self.period)

    @cached_property
    def comparison(self) -> Comparison:
        return Comparison(self._clean.get("compare") or Comparison.BEFORE)

    @property
    def compared_period(self) -> Period | None:
        if self.comparison is Comparison.NONE:
            return None
        is_year = self.comparison is Comparison.YEAR
        return self.period.year_before() if is_year else self.period.before()

    @cached_property
    def filters(self) -> dict[Dimension, str]:
        """By dimension; "" is those without a value of it."""
        said = {one: str(self._clean.get(one.value) or "") for one in self.dimensions}
        return {
            one: "" if value == NONE else value.upper() if one is Dimension.CURRENCY else value
            for one, value in said.items()
            if value
        }

    def question(self, number: str, **changes: Any) -> Question:
        return Question(
            **{"number": number, "period": self.period, "filters": self.filters, **changes}
        )

    @cached_property
    def said(self) -> dict[str, str]:
        """What was chosen, without what is so anyway."""
        said: dict[str, str] = {}
        if self.preset is Preset.CUSTOM:
            said = {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}
        elif self.preset is not Preset.DAYS_30:
            said = {"period": self.preset.value}
        if self.interval is not usual_interval(self.period):
            said["interval"] = self.interval.value
        if self.comparison is not Comparison.BEFORE:
            said["compare"] = self.comparison.value
        return {**said, **{one.value: value or NONE for one, value in self.filters.items()}}

    @property
    def query(self) -> str:
        return urlencode(self.said)

    @property
    def words(self) -> str:
        return span_words(self.period.first, self.period.last)

    @property
    def compared_words(self) -> str:
        period = self.compared_period
        return span_words(period.first, period.last) if period else ""

    @property
    def presets(self) -> list[Choice]:
        """Links; other days are a form of their own."""
        return [
            Choice(
                key=preset.value,
                words=str(preset.label),
                query=self._with({"period": preset.value}, without=("from", "to", "interval")),
                is_chosen=preset is self.preset,
            )
            for preset in Preset
            if preset is not Preset.CUSTOM
        ]

    @property
    def intervals(self) -> list[Choice]:
        return [
            Choice(
                key=interval.value,
                words=interval_words(interval),
                query=self._with({"interval": interval.value}),
                is_chosen=interval is self.interval,
            )
            for interval in intervals_for(self.period)
        ]

    @property
    def comparisons(self) -> list[Choice]:
        return [
            Choice(
                key=comparison.value,
                words=str(comparison.label),
                query=self._with({"compare": comparison.value}),
                is_chosen=comparison is self.comparison,
            )
            for comparison in Comparison
        ]

    @property
    def chosen_words(self) -> str:
        """On the button of the period's picker."""
        return self.words if self.preset is Preset.CUSTOM else str(self.preset.label)

    @property
    def applied(self) -> list[Applied]:
        return [
            Applied(
                name=dimension.value,
                label=str(self.form.fields[dimension.value].label),
                word=self._word(dimension, value),
                rest=self._with({}, without=(dimension.value,)),
            )
            for dimension, value in self.filters.items()
        ]

    @property
    def without_filters(self) -> str:
        return self._with({}, without=FILTERS)

    @property
    def filter_fields(self) -> list[forms.BoundField]:
        return [self.form[name] for name in FILTERS if name != "campaign" or self.campaigns]

    @property
    def beside_filters(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.said.items() if name not in FILTERS]

    @property
    def beside_days(self) -> list[tuple[str, str]]:
        others = ("from", "to", "period", "interval")
        return [(name, value) for name, value in self.said.items() if name not in others]

    @property
    def first_day(self) -> date:
        return self.period.first

    @property
    def last_day(self) -> date:
        return self.period.last

    def narrowed(self, changes: Mapping[str, str]) -> str:
        """The query of the same, narrowed further."""
        return self._with(dict(changes))

    def _with(self, changes: dict[str, str], *, without: tuple[str, ...] = ()) -> str:
        said = {name: value for name, value in self.said.items() if name not in without}
        return urlencode({**said, **changes})

    def _word(self, dimension: Dimension, value: str) -> str:
        [[word]] = labels_of(self.shop, (dimension,), [(value,)]).values()
        return word
