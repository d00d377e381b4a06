"""A number and how it came about (the contract's section 9)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from analytics.questions import Dimension, Interval, Period

Amount = Decimal | int | float
"""Money is Decimal, in units of its currency; counts are int; shares and durations are float."""


class Unit(StrEnum):
    COUNT = "count"
    SHARE = "share"
    """From 0 to 1."""
    DAYS = "days"
    MONEY = "money"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A value, and by what it was divided. None where nothing was counted."""

    value: Amount | None
    numerator: Amount | None
    denominator: int | None = None


@dataclass(frozen=True, kw_only=True)
class Part(Figure):
    """A further value of a number, such as the median beside the mean."""

    key: str
    title: str
    unit: Unit


Parts = Mapping[str, Part]


@dataclass(frozen=True, kw_only=True)
class Excluded:
    """What was left out of a number, how often, and why."""

    key: str
    count: int
    why: str


@dataclass(frozen=True, kw_only=True)
class Point(Figure):
    """One step of a series; both days included."""

    from_: date
    to: date


@dataclass(frozen=True, kw_only=True)
class Group(Figure):
    """The number of one carrier, country, …: `keys` in the order of `group_by`; "" is none."""

    keys: tuple[str, ...]
    labels: tuple[str, ...]
    rows: str
    """As the answer's, of this group."""
    parts: Parts = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class InCurrency(Figure):
    currency: str
    parts: Parts = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Compared(Figure):
    """The same number of another period."""

    from_: date
    to: date
    parts: Parts = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Answer(Figure):
    """Amounts of money are in `currency`; `by_currency` has the others, too: they never add up."""

    number: str
    title: str
    unit: Unit
    formula: str
    definition: str
    numerator_label: str
    denominator_label: str
    excluded: tuple[Excluded, ...]
    parts: Parts
    period: Period
    interval: Interval | None
    group_by: tuple[Dimension, ...]
    timezone: str
    currency: str
    by_currency: tuple[InCurrency, ...]
    series: tuple[Point, ...]
    groups: tuple[Group, ...]
    previous: Compared | None
    year_before: Compared | None
    rows: str
    """The API's path to the rows that were counted."""
