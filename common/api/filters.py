"""Filters that our query strings need beside django-filter's own."""

import re
from datetime import UTC, datetime
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django_filters.fields import IsoDateTimeField

UNESCAPED_PLUS = re.compile(r"(:\d\d(?:\.\d+)?) (\d\d:?\d\d)$")


class TimestampField(IsoDateTimeField):  # type: ignore[misc]
    def clean(self, value: Any) -> datetime | None:
        """In UTC: PostgreSQL takes no offset of 16 hours or more.

        Many clients forget that a plus sign in a query means a space: before an offset, it is one.
        """
        if isinstance(value, str):
            value = UNESCAPED_PLUS.sub(r"\1+\2", value)
        moment: datetime | None = super().clean(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError:
            raise ValidationError("Enter a date within the calendar.", "invalid") from None


class TimestampFilter(django_filters.IsoDateTimeFilter):  # type: ignore[misc]
    field_class = TimestampField
