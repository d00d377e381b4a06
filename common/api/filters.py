"""Filters that our query strings need beside django-filter's own."""

from datetime import UTC, datetime
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django_filters.fields import IsoDateTimeField


class TimestampField(IsoDateTimeField):  # type: ignore[misc]
    def clean(self, value: Any) -> datetime | None:
        """In UTC: PostgreSQL takes no offset of 16 hours or more."""
        moment: datetime | None = super().clean(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError:
            raise ValidationError("Enter a date within the calendar.", "invalid") from None


class TimestampFilter(django_filters.IsoDateTimeFilter):  # type: ignore[misc]
    field_class = TimestampField
