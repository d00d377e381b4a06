"""Numbers as clients read them, as the API's description has it."""

from datetime import date, datetime
from uuid import UUID

from pydantic import ConfigDict, Field

from analytics.answers import Unit
from analytics.questions import Dimension, Interval
from common.api.read_models import ReadModel


class Figure(ReadModel):
    value: float | None = Field(description="null where there is nothing to divide by")
    numerator: float | None
    denominator: int | None


class Part(Figure):
    title: str
    unit: Unit


class Excluded(ReadModel):
    key: str
    count: int
    why: str


class InCurrency(Figure):
    currency: str
    parts: dict[str, Part]


class Dated(Figure):
    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    from_: date = Field(alias="from")
    to: date


class Compared(Dated):
    parts: dict[str, Part]


class Group(Figure):
    keys: list[str | None] = Field(description="In the order of `group_by`; null is none.")
    labels: list[str]
    parts: dict[str, Part]
    rows: str = Field(description="The link to the rows that were counted.")


class Answer(Dated):
    number: str
    title: str
    unit: Unit
    parts: dict[str, Part]
    excluded: list[Excluded]
    formula: str
    definition: str
    interval: Interval | None
    group_by: list[Dimension]
    timezone: str
    currency: str
    by_currency: list[InCurrency]
    series: list[Dated]
    groups: list[Group]
    previous: Compared | None
    year_before: Compared | None
    rows: str = Field(description="The link to the rows that were counted.")


class Definition(ReadModel):
    number: str
    title: str
    unit: Unit
    definition: str
    formula: str
    numerator: str
    denominator: str | None
    excluded: dict[str, str]
    group_by: list[Dimension]
    parts: list[str] = Field(description="What `part` of the rows may name.")


class CountedRow(ReadModel):
    """What is common to all; orders, shipments and claims have columns of their own beside it."""

    model_config = ConfigDict(extra="allow")

    id: UUID
    order_id: UUID
    order_number: str
    order_placed_at: datetime
    day: date
    currency: str
    country: str
    segments: list[str]
    campaign: str
    is_in_numerator: bool
