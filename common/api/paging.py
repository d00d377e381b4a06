"""Pages of a newest-first list: by number, or by a cursor that costs the same on every page."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest

MAX_PAGE = 1_000_000
MAX_PER_PAGE = 100
DEFAULT_PER_PAGE = 30

CURSOR_PATTERN = r"^[0-9a-f]{46}$"
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of the page before, by the order of the list: (time, id), both descending.

    As text: microseconds since year 1 as 14 hexadecimal digits, then the id's 32.
    """

    at: datetime
    id: UUID

    @classmethod
    def decode(cls, text: str) -> Self:
        if not re.fullmatch(CURSOR_PATTERN, text):
            raise ValueError("not a cursor")
        return cls(BEGINNING + MICROSECOND * int(text[:14], 16), UUID(text[14:]))

    def encode(self) -> str:
        return f"{(self.at - BEGINNING) // MICROSECOND:014x}{self.id.hex}"


class CursorField(forms.CharField):
    def clean(self, value: Any) -> Cursor | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return Cursor.decode(text)
        except ValueError:
            raise forms.ValidationError("is not a cursor that this list gave", "invalid") from None


class PageForm(forms.Form):
    page = forms.IntegerField(
        min_value=1, max_value=MAX_PAGE, required=False, help_text="From 1. A cursor is quicker."
    )
    per_page = forms.IntegerField(
        min_value=1,
        max_value=MAX_PER_PAGE,
        required=False,
        help_text=f"{DEFAULT_PER_PAGE} if absent.",
    )
    cursor = CursorField(
        required=False,
        max_length=200,
        help_text="Where to go on, as `Link` gave it; `page` then counts for nothing.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which page is asked for, by what `PageForm` reads."""

    page: int | None = None
    per_page: int | None = None
    cursor: Cursor | None = None

    @property
    def size(self) -> int:
        return self.per_page or DEFAULT_PER_PAGE

    @property
    def start(self) -> int:
        return 0 if self.cursor else ((self.page or 1) - 1) * self.size

    def and_one_more(self, rows: QuerySet[Any], *, by: str) -> QuerySet[Any]:
        """Its rows, newest first by the column `by`, and one that tells that more follow."""
        if self.cursor:
            at, after = self.cursor.at, self.cursor.id
            rows = rows.filter(Q(**{f"{by}__lt": at}) | Q(**{by: at, "id__lt": after}))
            rows = rows.filter(**{f"{by}__lte": at})
        return rows.order_by(f"-{by}", "-id")[self.start : self.start + self.size + 1]


def take_page(rows: QuerySet[Any], page: Page, *, by: str) -> tuple[list[Any], Cursor | None]:
    """One page of `rows`, newest first by the column `by`, and the cursor to the next, if any."""
    found = list(page.and_one_more(rows, by=by))
    if len(found) <= page.size:
        return found, None
    last = found[page.size - 1]
    return found[: page.size], Cursor(getattr(last, by), last.id)


def next_link(request: HttpRequest, cursor: Cursor) -> str:
    """The value of a `Link` header (RFC 8288) that leads to the page after `cursor`."""
    asked = {name: request.GET[name] for name in request.GET if name != "page"}
    query = urlencode({**asked, "cursor": cursor.encode()})
    return f'<{request.scheme}://{request.get_host()}{request.path}?{query}>; rel="next"'
