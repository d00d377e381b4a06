"""A country as people type it where a list is narrowed: its name, or its two letters."""

import re
from collections.abc import Collection
from functools import cache
from typing import Any

import django_filters
from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common.countries import country_code, country_names, page_language

TWO_LETTERS = re.compile(r"[A-Za-z]{2}")


class CountryInput(forms.TextInput):
    """Suggests all countries, from memory: a select of them takes 7 ms of each list."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        listed = f"{name}-known"
        field = super().render(name, value, {**(attrs or {}), "list": listed}, renderer)
        return format_html(
            '{}<datalist id="{}">{}</datalist>', field, listed, _suggested(page_language())
        )


class CountryField(forms.CharField):
    """Cleaned to its two letters, in upper case: also those of a country that nobody knows.

    `words`: what else may be said.
    """

    widget = CountryInput
    default_error_messages = {
        "unknown": _("There is no such country: choose one of the list, or write its two letters.")
    }

    def __init__(self, *, words: Collection[str] = (), **more: Any) -> None:
        super().__init__(max_length=100, **more)
        self.words = words
        self.widget.attrs["autocomplete"] = "off"

    def clean(self, value: Any) -> str:
        said: str = super().clean(value)
        if not said or said in self.words:
            return said
        code = country_code(said) or (said.upper() if TWO_LETTERS.fullmatch(said) else "")
        if not code:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        return code


class CountryFilter(django_filters.CharFilter):  # type: ignore[misc]
    field_class = CountryField


@cache
def _suggested(language: str) -> SafeString:
    names = country_names(language).values()
    return format_html_join("", '<option value="{}">', ((name,) for name in names))
