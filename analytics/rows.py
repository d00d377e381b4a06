"""The very rows that a number counts, newest order first, in pages that follow each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from analytics.answering import check
from analytics.catalogue.number import Measure, Number
from analytics.cohort import COHORT, Cohort
from analytics.errors import QuestionInvalid
from analytics.questions import Question
from analytics.statements import units_of
from common.errors import Fault
from common.replicas.reading import reading_connection
from shops.models import Shop

COUNTED, NUMERATOR = "counted", "numerator"
"""Parts of a number: the units of its denominator (its own, without one), and its numerator's."""

ORDER_COLUMNS = {
    "order_id": "order_id",
    "order_number": "order_number",
    "order_placed_at": "order_placed_at",
    "day": "day",
    "currency": "currency",
    "country": "country",
    "segments": "segments",
    "campaign": "campaign",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place in the list."""

    at: datetime
    id: UUID


@dataclass(frozen=True, kw_only=True)
class Rows:
    columns: tuple[str, ...]
    rows: Sequence[Mapping[str, Any]]
    next: Place | None
    """Of the last row, where more follow."""


def parts_of(number: Number) -> dict[str, str]:
    """What may be listed of a number: by name, which units, in SQL."""
    subject = number.subject
    further = {
        part.key: " OR ".join(f"({subject.counts[name]})" for name in part.numerator.names())
        for part in number.parts
        if isinstance(part, Measure) and set(part.numerator.names()) <= set(subject.counts)
    }
    return {
        **further,
        **{cell: subject.counts[cell] for cell in number.excluded},
        COUNTED: number.counted,
        NUMERATOR: number.counted_by_numerator,
    }


def columns_of(number: Number) -> dict[str, str]:
    return {"id": "unit_id", **ORDER_COLUMNS, **number.subject.columns, "is_in_numerator": "hit"}


def rows(
    shop: Shop, question: Question, *, part: str = COUNTED, after: Place | None = None, size: int
) -> Rows:
    """As many as the answer says of this part. NumberNotFound, QuestionInvalid."""
    number = check(question)
    parts = parts_of(number)
    if part not in parts:
        fault = Fault(
            loc=("query", "part"),
            msg=f"must be one of: {', '.join(parts)}",
            type="part_invalid",
        )
        raise QuestionInvalid(f"part: {fault.msg}", [fault])
    sql, parameters = _statement(shop, question, number, parts[part], after, size)
    with reading_connection().cursor() as cursor:
        cursor.execute(sql, parameters)
        found = cursor.fetchall()
    columns = tuple(columns_of(number))
    page = [dict(zip(columns, row, strict=True)) for row in found[:size]]
    last = page[-1] if len(found) > size else None
    return Rows(
        columns=columns,
        rows=page,
        next=Place(last["order_placed_at"], last["id"]) if last else None,
    )


def _statement(
    shop: Shop,
    question: Question,
    number: Number,
    condition: str,
    after: Place | None,
    size: int,
) -> tuple[str, dict[str, Any]]:
    spans = [question.period]
    parameters = Cohort(shop, spans, timezone.now()).parameters()
    parameters |= {dimension.value: value for dimension, value in question.filters.items()}
    parameters |= {"size": size + 1}
    begins = "true"
    if after is not None:
        begins = "(order_placed_at, unit_id) < (%(at)s, %(after)s)"
        parameters |= {"at": after.at, "after": after.id}
    columns = ", ".join(
        f"{sql} AS {name}" for name, sql in columns_of(number).items() if name != "is_in_numerator"
    )
    sql = f"""
        WITH {COHORT}, {units_of(number.subject, (), question.filters)}
        SELECT {columns}, {number.counted_by_numerator} AS is_in_numerator
          FROM units WHERE ({condition}) AND {begins}
         ORDER BY order_placed_at DESC, unit_id DESC LIMIT %(size)s
    """
    return sql, parameters
