"""From a query string to a checked search: a parameter that does not exist is refused.

A mistyped filter must not return everything (the contract's section 2). django-filter declares the
filters, by its fields they are checked, and by its filters rows are found: ours are made once for
all requests, not anew for each.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict

from common.api.paging import Page, PageForm
from common.errors import Fault, Invalid


class ParameterUnknown(Invalid):
    key = "parameter_unknown"


Filters = type[django_filters.FilterSet]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a query asks for, checked."""

    filters: Mapping[str, Any]
    """The values of the filters that are given, by their names."""
    page: Page


def checked(filters: Filters, query: QueryDict) -> Asked:
    known = _fields(filters)  # type: ignore[arg-type]
    _refuse_unknown(query, known)
    faults: list[Fault] = []
    said = dict(_cleaned(query, known, faults))
    _refuse(faults)
    page = Page(**{name: said.pop(name) for name in PageForm.base_fields if name in said})
    return Asked(said, page)


def checked_form(form: type[forms.Form], query: QueryDict) -> Mapping[str, Any]:
    """The parameters that the form knows; what is absent is empty."""
    _refuse_unknown(query, form.base_fields)
    filled = form(query)
    _refuse(
        [
            Fault(loc=("query", name), msg=one.messages[0], type=one.code or "invalid")
            for name, errors in filled.errors.as_data().items()
            for one in errors
        ]
    )
    return filled.cleaned_data


def _refuse_unknown(query: QueryDict, known: Collection[str]) -> None:
    unknown = [_fault(name, "there is no such parameter") for name in query if name not in known]
    if unknown:
        raise ParameterUnknown(f"Unknown parameter: {unknown[0].field}.", unknown)
    malformed = [
        *(_fault(n, "must not be empty") for n in query if not query.get(n, "").strip()),
        *(_fault(n, "must be given once") for n in query if len(query.getlist(n)) > 1),
    ]
    _refuse(malformed)


def filtered(filters: Filters, query: QueryDict, rows: QuerySet[Any]) -> tuple[QuerySet[Any], Page]:
    """The rows that the query asks for, and the page of them."""
    asked = checked(filters, query)
    return narrowed(filters, rows, asked.filters), asked.page


def narrowed(filters: Filters, rows: QuerySet[Any], said: Mapping[str, Any]) -> QuerySet[Any]:
    """The rows that pass each filter with what it is given."""
    own = _declared(filters).filters  # type: ignore[arg-type]
    for name, value in said.items():
        rows = own[name].filter(rows, value)
    return rows


@lru_cache
def _declared(filters: Filters) -> django_filters.FilterSet:
    """One for all requests: filters and their fields keep nothing of what they are given."""
    return filters(queryset=QuerySet())


@lru_cache
def _fields(filters: Filters) -> dict[str, forms.Field]:
    declared = _declared(filters)  # type: ignore[arg-type]
    of_filters = {name: one.field for name, one in declared.filters.items()}
    return {**of_filters, **PageForm.base_fields}


def _cleaned(
    query: QueryDict, fields: Mapping[str, forms.Field], faults: list[Fault]
) -> Iterator[tuple[str, Any]]:
    for name in query:
        try:
            yield name, fields[name].clean(query[name])
        except ValidationError as error:
            faults += [
                Fault(loc=("query", name), msg=one.messages[0], type=one.code or "invalid")
                for one in error.error_list
            ]


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise Invalid(f"{faults[0].field}: {faults[0].msg}", faults)


def _fault(name: str, message: str) -> Fault:
    return Fault(loc=("query", name), msg=message, type="parameter_invalid")
