"""From a query string to a checked search: a parameter that does not exist is refused.

A mistyped filter must not return everything (the contract's section 2).
"""

from collections.abc import Mapping
from typing import Any

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
    known = {*filters.base_filters, *PageForm.base_fields}
    unknown = [
        Fault(loc=("query", name), msg="there is no such parameter", type="parameter_unknown")
        for name in query
        if name not in known
    ]
    if unknown:
        names = ", ".join(str(fault.field) for fault in unknown)
        raise ParameterUnknown(f"Unknown parameter: {names}.", unknown)
    empty = [
        Fault(loc=("query", name), msg="must not be empty", type="empty")
        for name in query
        if not query.get(name, "").strip()
    ]
    if empty:
        raise Invalid(f"{empty[0].field}: {empty[0].msg}", empty)
    filterset = filters(query, queryset=rows)
    page = PageForm(query)
    faults = [*_faults(filterset.form), *_faults(page)]
    if faults:
        raise Invalid(f"{faults[0].field}: {faults[0].msg}", faults)
    return filterset.qs, page.cleaned_data


def _faults(form: forms.Form) -> list[Fault]:
    return [
        Fault(loc=("query", name), msg=error.messages[0], type=error.code or "invalid")
        for name, errors in form.errors.as_data().items()
        for error in errors
    ]
