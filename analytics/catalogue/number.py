"""How a number is defined: which cells of which subject it is made of, and in which words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from analytics.answers import Amount, Unit
from analytics.questions import FILTERS, Dimension
from analytics.subjects.subject import Subject

Text = Any
"""Lazily translated."""

ALL_FILTERS = FILTERS
USUAL_GROUPS = FILTERS


class Sum:
    """Cells that are added up, and cells that are taken off, such as `orders - repeat_orders`."""

    def __init__(self, terms: str) -> None:
        words = f"+ {terms}".split()
        self.terms = tuple(zip(words[1::2], words[::2], strict=True))

    def of(self, cells: Mapping[str, Amount]) -> Amount:
        amount: Any = 0
        for name, sign in self.terms:
            cell = cells.get(name, 0)
            amount = amount + cell if sign == "+" else amount - cell
        return cast("Amount", amount)

    def names(self) -> list[str]:
        return [name for name, _ in self.terms]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One value: a sum, or a sum divided by another one."""

    key: str = "value"
    title: Text = ""
    unit: Unit
    numerator: Sum
    denominator: Sum | None = None
    scale: int = 1
    """By which the quotient is divided, such as microseconds per day."""


@dataclass(frozen=True, kw_only=True)
class Percentile:
    """The smallest duration that so many of them do not exceed, from counts per bucket.

    Buckets are whole business days, or hours of the calendar rounded up: those are at most one
    hour too long.
    """

    key: str
    title: Text
    duration: str
    share: float
    buckets_per_day: int = 24
    unit: Unit = Unit.DAYS


@dataclass(frozen=True, kw_only=True)
class OverTarget:
    """The share of deliveries that took longer than the shop's target (`analytics.targets`)."""

    key: str
    title: Text
    calendar: str
    """The duration that counts where the target is in days of the calendar."""
    business: str
    unit: Unit = Unit.SHARE


@dataclass(frozen=True, kw_only=True)
class Number:
    name: str
    title: Text
    definition: Text
    formula: Text
    subject: Subject
    measure: Measure
    numerator_label: Text
    denominator_label: Text = ""
    excluded: Mapping[str, Text] = field(default_factory=dict)
    """By cell, why its units are left out."""
    parts: tuple[Measure | Percentile | OverTarget, ...] = ()
    beside: tuple[str, ...] = ()
    """Other numbers whose values are shown as parts."""
    group_by: tuple[Dimension, ...] = USUAL_GROUPS
    counted: str = "true"
    """The units that the denominator counts (or, without one, the numerator), in SQL."""
    hit: str = "true"
    """Those of them that the numerator counts."""
    of_numerator: str = ""
    """What the numerator counts where that is not among the counted units, in SQL."""
    leads_with_groups: tuple[Dimension, ...] = ()
    """By what it is split up when the question does not say."""

    @property
    def counted_by_numerator(self) -> str:
        return self.of_numerator or f"({self.counted}) AND ({self.hit})"

    @property
    def unit(self) -> Unit:
        return self.measure.unit

    @property
    def needs_durations(self) -> bool:
        return any(isinstance(part, Percentile | OverTarget) for part in self.parts)
