"""What is done to many rows of a list: those that were ticked, or all that its filters find."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise

from common.api.paging import Cursor
from common.errors import DomainError
from jobs.kinds import Batch, Result
from jobs.models import Job, Outcome
from orders.lookup import Reference, ReferenceType, find_orders
from portal.paging import Sorting
from shipments.audit import orders_edited
from shops.models import Role, Shop

AT_ONCE = 20
MOST_TICKED = 100


@dataclass(frozen=True, kw_only=True)
class BulkList:
    """A list whose rows can be ticked."""

    page: str
    """The name of its URL."""
    tick: str
    """The name under which ticked rows are sent."""
    rows: Callable[[Shop], QuerySet[Any]]
    """All there are, as they are read for being changed."""
    found: Callable[[Shop, str], QuerySet[Any]]
    """What it shows under a query string."""
    sorting: Callable[[Shop, str], Sorting]
    """By times that do not change while a job works."""
    subject: Callable[[Any], str]
    """What a row is called."""
    order_id: Callable[[Any], UUID] | None = None
    """Of a row that is an order, or of one: what is done is kept in the order's audit."""


@dataclass(frozen=True, kw_only=True)
class Bulk:
    """One thing that may be done to many rows; a kind of job (`jobs.kinds.Kind`).

    `asked`: either `ids`, or `query` and `until`, after which nothing was found yet; and `said`.
    """

    key: str
    title: str | Promise
    rows: BulkList
    question: Callable[[int], str]
    """With how many."""
    explanation: str | Promise
    button: Callable[[int], str]
    """As the question, with how many."""
    act: Callable[[Any, dict[str, Any]], bool]
    """Do it to one row, with what the form says; whether there was anything to do."""
    form: type[forms.Form] = forms.Form
    """What has to be said beside the rows."""
    refuses: Callable[[QuerySet[Any], dict[str, Any]], str] = lambda _rows, _said: ""
    """Why what the form says does not fit the rows, if it does not."""
    role: Role = Role.EDITOR

    def count(self, job: Job) -> int:
        return self._rows(job).order_by().count()

    def work(self, job: Job, place: str) -> Batch:
        rows, sorting = self._rows(job), self._sorting(job)
        rest = sorting.after(rows, Cursor.decode(place)) if place else rows
        found = list(sorting.sort(rest)[: AT_ONCE + 1])
        with self._edits(job.shop, found[:AT_ONCE]):
            results = [self._result(job, row) for row in found[:AT_ONCE]]
        is_last = len(found) <= AT_ONCE
        return Batch(
            results=results, place="" if is_last else sorting.cursor(found[AT_ONCE - 1]).encode()
        )

    def selected(
        self, shop: Shop, *, ids: Sequence[str] | None, query: str, until: datetime | None
    ) -> QuerySet[Any]:
        """The shop's among `ids`; where there are none, what `query` found by then."""
        if ids is None:
            return self.rows.found(shop, query).filter(created_at__lte=until)
        return self.rows.rows(shop).filter(id__in=[UUID(one) for one in ids])

    @contextmanager
    def _edits(self, shop: Shop, rows: Sequence[Any]) -> Iterator[None]:
        """All of a batch are locked at first, in the order of their ids, and compared once."""
        if self.rows.order_id is None:
            yield
            return
        ids = {str(self.rows.order_id(row)) for row in rows}
        references = [Reference(ReferenceType.UUID, one) for one in ids]
        with orders_edited(shop, find_orders(shop, references, lock=True).all):
            yield

    def _rows(self, job: Job) -> QuerySet[Any]:
        asked = job.asked
        until = parse_datetime(asked["until"]) if "until" in asked else None
        return self.selected(
            job.shop, ids=asked.get("ids"), query=asked.get("query", ""), until=until
        )

    def _sorting(self, job: Job) -> Sorting:
        return self.rows.sorting(job.shop, job.asked.get("query", ""))

    def _result(self, job: Job, row: Any) -> Result:
        subject = self.rows.subject(row)
        row.shop = job.shop
        try:
            with transaction.atomic():
                is_done = self.act(row, job.asked.get("said", {}))
        except DomainError as refusal:
            return Result(subject=subject, outcome=Outcome.FAILED, message=refusal.message)
        return Result(subject=subject, outcome=Outcome.DONE if is_done else Outcome.SKIPPED)
