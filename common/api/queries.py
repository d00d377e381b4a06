"""From a query string to a checked search: a parameter that does not exist is refused.

A mistyped filter must not return everything (the contract's section 2).
"""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from common.api.paging import PageForm
from common.errors import Fault, Invalid


class ParameterUnknown(Invalid):
    key = "parameter_unknown"


def filtered(
    filters: type[django_filters.FilterSet], query: QueryDict, rows: QuerySet[Any]
) -> tuple[QuerySet[Any], Mapping[str, Any]]:
    """The rows that the query asks for, and the checked paging parameters."""
    _refuse_unknown(query, {*filters.base_filters, *PageForm.base_fields})
    given = frozenset(query)
    filterset = _narrowed(filters, given)(query, queryset=rows)  # type: ignore[arg-type]
    page = _narrowed_page(given)(query)
    _refuse([*_faults(filterset.form), *_faults(page)])
    return filterset.qs, {**_FIRST_PAGE, **page.cleaned_data}


def checked(form: type[forms.Form], query: QueryDict) -> Mapping[str, Any]:
    """The parameters that the form knows; what is absent is empty."""
    _refuse_unknown(query, set(form.base_fields))
    filled = form(query)
    _refuse(_faults(filled))
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


_FIRST_PAGE = dict.fromkeys(PageForm.base_fields)


@lru_cache(maxsize=256)
def _narrowed(
    filters: type[django_filters.FilterSet], given: frozenset[str]
) -> type[django_filters.FilterSet]:
    """With the filters that are given only: all of them are copied for each request."""
    narrowed: Any = type(filters.__name__, (filters,), {})
    narrowed.base_filters = {n: f for n, f in filters.base_filters.items() if n in given}
    return cast("type[django_filters.FilterSet]", narrowed)


@lru_cache(maxsize=256)
def _narrowed_page(given: frozenset[str]) -> type[PageForm]:
    narrowed: Any = type(PageForm.__name__, (PageForm,), {})
    narrowed.base_fields = {n: f for n, f in PageForm.base_fields.items() if n in given}
    return cast("type[PageForm]", narrowed)


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise Invalid(f"{faults[0].field}: {faults[0].msg}", faults)


def _fault(name: str, message: str) -> Fault:
    return Fault(loc=("query", name), msg=message, type="parameter_invalid")


def _faults(form: forms.Form) -> list[Fault]:
    return [
        Fault(loc=("query", name), msg=error.messages[0], type=error.code or "invalid")
        for name, errors in form.errors.as_data().items()
        for error in errors
    ]
