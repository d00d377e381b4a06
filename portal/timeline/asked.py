"""Which part of a timeline is asked for; the URL holds all of it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from common.api.paging import Cursor
from portal.paging import Sorting
from portal.timeline.entries import Kind

PER_PAGE = 40


@dataclass(frozen=True, kw_only=True)
class Asked:
    kind: Kind | None = None
    is_oldest_first: bool = False
    after: Cursor | None = None
    makes_sense: bool = True

    def take(self, rows: QuerySet[Any], *, by: str) -> list[Any]:
        """As many of these rows as a page can hold and one more, if all of them were of one sort.

        `by` is their column of times.
        """
        sorting = Sorting(by=by, is_ascending=self.is_oldest_first)
        rows = sorting.after(rows, self.after) if self.after else rows
        return list(sorting.sort(rows)[: PER_PAGE + 1])


def asked_in(said: QueryDict) -> Asked:
    """What has no sense finds nothing, never everything."""
    kind, sort, place = said.get("kind", ""), said.get("sort", ""), said.get("after", "")
    try:
        return Asked(
            kind=Kind(kind) if kind else None,
            is_oldest_first={"": False, "oldest": True}[sort],
            after=Cursor.decode(place) if place else None,
        )
    except (ValueError, KeyError, OverflowError):
        return Asked(makes_sense=False)
