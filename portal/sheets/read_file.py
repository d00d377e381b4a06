"""Reading an uploaded file into rows: a job, for a large one takes longer than a request may."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from uuid import UUID

from django.utils.translation import gettext as _

from common.errors import DomainError
from common.ids import new_id
from common.rows import insert_rows
from jobs.kinds import Batch, Result
from jobs.models import Job, Outcome
from portal.sheets.files import FileRefused, Row, estimate_rows, read_rows
from portal.sheets.matching import suggest_columns
from portal.sheets.models import ImportedRow, OrderImport

AT_ONCE = 2_000
"""Rows."""


@dataclass(kw_only=True)
class OpenFile:
    """A file between two batches, so that the second need not begin at its first line."""

    rows: Iterator[Row]
    place: str
    """The line that was read last."""


class ReadFile:
    """`asked`: the `import`. A file that is refused is forgotten, with whatever was read of it."""

    def __init__(self) -> None:
        self._open: dict[UUID, OpenFile] = {}
        """By job; of the one that this worker is at, and no other."""

    def count(self, job: Job) -> int:
        try:
            return estimate_rows(_file(_import(job)))
        except DomainError:
            return 1  # what is wrong with it, its reading says

    def work(self, job: Job, place: str) -> Batch:
        order_import = _import(job)
        try:
            opened = self._go_on(job, place) or _begin(order_import, place)
            piece = list(islice(opened.rows, AT_ONCE))
            if not place and not piece:
                raise FileRefused(_("The file has headings, and no row below them."))
        except DomainError as refusal:
            return _refuse(job, order_import, refusal)
        _insert(order_import, piece)
        if len(piece) == AT_ONCE:
            opened.place = str(piece[-1][0])
            self._open = {job.id: opened}
            return Batch(handled=len(piece), place=opened.place)
        order_import.total = job.total = job.done + len(piece)
        order_import.content = None
        order_import.save(update_fields=["total", "content"])
        return Batch(handled=len(piece))

    def _go_on(self, job: Job, place: str) -> OpenFile | None:
        """Unless the batch before was undone, or was another worker's."""
        opened = self._open.pop(job.id, None)
        return opened if opened is not None and opened.place == place else None


def _import(job: Job) -> OrderImport:
    return OrderImport.objects.of(job.shop).defer("content").get(id=job.asked["import"])


def _file(order_import: OrderImport) -> BytesIO:
    return BytesIO(order_import.content or b"")


def _begin(order_import: OrderImport, place: str) -> OpenFile:
    """After `place`; at the beginning the headings are kept."""
    rows = read_rows(_file(order_import))
    _number, headings = next(rows, (0, []))
    if not headings:
        raise FileRefused(_("The file is empty."))
    if not place:
        order_import.headings, order_import.columns = headings, suggest_columns(headings)
        order_import.save(update_fields=["headings", "columns"])
    else:
        rows = (row for row in rows if row[0] > int(place))
    return OpenFile(rows=rows, place=place)


def _insert(order_import: OrderImport, piece: Sequence[Row]) -> None:
    insert_rows(
        ImportedRow,
        [
            {
                "id": new_id(),
                "shop_id": order_import.shop_id,
                "order_import_id": order_import.id,
                "number": number,
                "cells": cells,
            }
            for number, cells in piece
        ],
    )


def _refuse(job: Job, order_import: OrderImport, refusal: DomainError) -> Batch:
    subject = order_import.file_name
    order_import.delete()
    job.done, job.total = 0, 1
    return Batch(results=[Result(subject=subject, outcome=Outcome.FAILED, message=refusal.message)])
