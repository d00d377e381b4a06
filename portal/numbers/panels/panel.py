"""The parts of a page below its numbers: each asks questions and draws what was answered.

A panel answers one question of people's, and is drawn by the template that it names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from analytics.answers import Answer, Group, Part
from analytics.questions import NONE, Dimension, Question
from portal.numbers.amounts import NOTHING, words_of
from portal.numbers.charts.bars import Bar
from portal.numbers.charts.lines import LineChart
from portal.numbers.scope import FILTERS, Scope

Text = str | Promise


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    words: str
    bar: Bar | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TableRow:
    name: str
    cells: tuple[Cell, ...]
    query: str = ""
    """Of the page narrowed to this group; empty where that cannot be said."""
    rows: str = ""
    """The query of the rows of this group; empty where there are none of its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """What a template needs; `template` is of templates/portal/numbers/."""

    template: str
    key: str
    number: str
    title: str
    is_empty: bool
    is_wide: bool
    chart: LineChart | None = None
    heads: tuple[str, ...] = ()
    rows: tuple[TableRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Panel:
    number: str
    title: Text
    is_wide: bool = False

    def questions(self, scope: Scope) -> list[Question]:
        raise NotImplementedError

    def further(self, scope: Scope, answered: Sequence[Answer]) -> list[Question]:
        """What is only known to be asked once the first questions are answered."""
        return []

    def draw(self, scope: Scope, answered: Sequence[Answer]) -> Drawn:
        """`answered`: all its questions in their order, the further ones last."""
        raise NotImplementedError

    def drawn(self, template: str, key: str, *, is_empty: bool, **parts: Any) -> Drawn:
        return Drawn(
            template=template,
            key=f"{self.number}-{key}",
            number=self.number,
            title=str(self.title),
            is_empty=is_empty,
            is_wide=self.is_wide,
            **parts,
        )


def told(answer: Answer) -> list[Group]:
    """The groups that say something, the greatest first."""
    known = [group for group in answer.groups if group.value is not None]
    return sorted(
        (group for group in known if group.value or any(group.keys)), key=_weight, reverse=True
    )


def narrowed(scope: Scope, keys: Mapping[Dimension, str]) -> str:
    """The query of the same page narrowed to one group; empty where that cannot be said."""
    if any(dimension.value not in FILTERS for dimension in keys):
        return ""
    return rows_of(scope, keys)


def rows_of(scope: Scope, keys: Mapping[Dimension, str]) -> str:
    """The query of the rows that one group counts."""
    return scope.narrowed({dimension.value: key or NONE for dimension, key in keys.items()})


def part_cell(part: Part | None, currency: str) -> Cell:
    return Cell(words=NOTHING if part is None else words_of(part.value, part.unit, currency))


def _weight(group: Group) -> tuple[Any, tuple[str, ...]]:
    """Of how much the group is: of what it counts."""
    counted = group.denominator if group.denominator is not None else group.value
    return (counted or 0, group.labels)
