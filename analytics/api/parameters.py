"""From a query string to a question (the contract's section 9)."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from analytics.questions import (
    NONE,
    USUAL_DAYS,
    Dimension,
    Interval,
    Period,
    Question,
    last_days,
)
from claims.models import Flow, Reason
from common.api.paging import CursorField
from common.api.queries import checked_form
from shipments.carriers import CARRIERS
from shipments.phases import Flag, Phase
from shops.models import Shop

GROUPS = "|".join(Dimension)
KINDS = ("never_scanned", "no_movement", "past_eta")
MAX_ROWS = 1_000
USUAL_ROWS = 100
ONE_DAY = timedelta(days=1)


class DayField(forms.DateField):
    def __init__(self, help_text: str) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], required=False, help_text=help_text)


def _one_of(words: Iterable[str], help_text: str) -> forms.ChoiceField:
    choices = [(word, word) for word in words]
    return forms.ChoiceField(choices=choices, required=False, help_text=help_text)


class PeriodForm(forms.Form):
    """`from`, a word of Python's own, is added below."""

    to = DayField("The last day, in the shop’s time zone; today, if absent.")
    carrier = forms.ChoiceField(
        choices=[(reference, reference) for reference in (*CARRIERS, NONE)], required=False
    )
    country = forms.RegexField(
        rf"^([A-Za-z]{{2}}|{NONE})$", required=False, help_text="Where the order goes."
    )
    segment = forms.CharField(
        max_length=255, required=False, help_text=f"One of the order’s; or `{NONE}`."
    )
    campaign = forms.RegexField(
        rf"^([0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}|{NONE})$",
        required=False,
        help_text="The id of the campaign that brought the order.",
    )
    currency = forms.RegexField(r"^[A-Za-z]{3}$", required=False, help_text="The order’s.")
    phase = _one_of(Phase.values, "Of parcels now; of claims, when they were filed.")
    flag = _one_of(Flag.values, "Of parcels.")
    reason = _one_of(Reason.values, "Of claims.")
    flow = _one_of((*Flow.values, NONE), "Of claims: which way the customer took.")
    product = forms.CharField(
        max_length=255, required=False, help_text=f"Of claims: a SKU, or a title; or `{NONE}`."
    )
    kind = _one_of(KINDS, "Of anomalies.")
    format = forms.ChoiceField(choices=[("json", "json"), ("csv", "csv")], required=False)


PeriodForm.base_fields["from"] = DayField(
    f"The first day; {USUAL_DAYS - 1} days before the last one, if absent."
)


class QuestionForm(PeriodForm):
    interval = forms.ChoiceField(
        choices=[(interval.value, interval.value) for interval in Interval],
        required=False,
        help_text="Of `series`, which is empty if absent.",
    )
    group_by = forms.RegexField(
        rf"^({GROUPS})(,({GROUPS}))?$",
        required=False,
        help_text="One or two dimensions; each number has its own.",
    )
    compare = forms.ChoiceField(
        choices=[("true", "true"), ("false", "false")],
        required=False,
        help_text="With `previous` and `year_before`; true, if absent.",
    )


class RowsForm(PeriodForm):
    part = forms.RegexField(
        r"^[a-z0-9_]{1,40}$",
        required=False,
        help_text="Which units: `counted` (if absent), `numerator`, or what was left out.",
    )
    per_page = forms.IntegerField(
        min_value=1, max_value=MAX_ROWS, required=False, help_text=f"{USUAL_ROWS} if absent."
    )
    cursor = CursorField(
        required=False, max_length=200, help_text="Where to go on, as `Link` gave it."
    )


def question_of(shop: Shop, number: str, query: QueryDict) -> tuple[Question, str]:
    """The question, and the format of its answer. Invalid, ParameterUnknown."""
    said = checked_form(QuestionForm, query)
    question = Question(
        number=number,
        period=_period(shop, said),
        interval=Interval(said["interval"]) if said["interval"] else None,
        group_by=tuple(Dimension(name) for name in said["group_by"].split(",") if name),
        filters=_filters(said),
        compare=said["compare"] != "false",
    )
    return question, said["format"] or "json"


def rows_question_of(
    shop: Shop, number: str, query: QueryDict
) -> tuple[Question, Mapping[str, Any]]:
    """The question, and what is said of its rows. Invalid, ParameterUnknown."""
    said = checked_form(RowsForm, query)
    question = Question(number=number, period=_period(shop, said), filters=_filters(said))
    return question, said


def _period(shop: Shop, said: Mapping[str, Any]) -> Period:
    usual = last_days(shop, timezone.now())
    last = said["to"] or max(usual.last, said["from"] or usual.last)
    if said["from"]:
        return Period(said["from"], last)
    return Period(last - min((USUAL_DAYS - 1) * ONE_DAY, last - date.min), last)


def _filters(said: Mapping[str, Any]) -> dict[Dimension, str]:
    upper = {Dimension.COUNTRY, Dimension.CURRENCY}
    given = {dimension: said[dimension] for dimension in Dimension if said.get(dimension)}
    return {
        dimension: "" if value == NONE else value.upper() if dimension in upper else value
        for dimension, value in given.items()
    }
