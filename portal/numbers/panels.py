"""The parts of a room below its numbers: each asks questions and draws what was answered.

A panel is drawn by the template it names; one panel answers one question.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.functional import Promise

from analytics.answers import Answer, Group, Part, Unit
from analytics.questions import Dimension, Interval, Question
from portal.numbers.amounts import NOTHING, count_words, tick_words, words_of
from portal.numbers.charts.bars import Bar, bars_of
from portal.numbers.charts.lines import MOST_SERIES, LineChart, Series, line_chart
from portal.numbers.periods import intervals_for
from portal.numbers.scope import FILTERS, Scope
from portal.numbers.spans import step_words

Text = str | Promise

MOST_SPIKES = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """What a template needs: `template` is of templates/portal/numbers/."""

    template: str
    key: str
    title: str
    number: str
    """Whose definition and rows belong to it."""
    note: str = ""
    is_empty: bool = False
    is_wide: bool = False
    query: str = ""
    chart: LineChart | None = None
    heads: tuple[str, ...] = ()
    rows: tuple["TableRow", ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    words: str
    bar: Bar | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TableRow:
    name: str
    cells: tuple[Cell, ...]
    query: str = ""
    """Of the page of its rows; empty where the number cannot be narrowed so far."""


class Panel(Protocol):
    number: str

    def questions(self, scope: Scope) -> list[Question]: ...

    def further(self, scope: Scope, answered: Sequence[Answer]) -> list[Question]:
        """What is only known to be asked once the first questions are answered."""
        ...

    def draw(self, scope: Scope, answered: Sequence[Answer]) -> Drawn:
        """`answered`: of all its questions, in their order, the further ones last."""
        ...


@dataclass(frozen=True, kw_only=True)
class Lines:
    """How a number went, and how it went in the period it is compared with."""

    number: str
    title: Text
    note: Text = ""
    is_wide: bool = False

    def questions(self, scope: Scope) -> list[Question]:
        asked = [scope.question(self.number, interval=scope.interval, compare=False)]
        if (before := scope.compared_period) is not None:
            asked.append(
                scope.question(self.number, period=before, interval=scope.interval, compare=False)
            )
        return asked

    def further(self, scope: Scope, answered: Sequence[Answer]) -> list[Question]:
        return []

    def draw(self, scope: Scope, answered: Sequence[Answer]) -> Drawn:
        now, *befores = answered
        count = len(now.series)
        series = [Series(name=scope.words, values=_values(now))]
        series += [
            Series(
                name=scope.compared_words,
                values=_fitted(_values(before), count),
                is_before=True,
            )
            for before in befores
        ]
        return Drawn(
            template="_lines.html",
            key=f"{self.number}-lines",
            title=str(self.title),
            note=str(self.note),
            number=self.number,
            query=scope.query,
            is_empty=all(value is None for value in series[0].values),
            is_wide=self.is_wide,
            chart=_chart(scope, now, series),
        )


@dataclass(frozen=True, kw_only=True)
class LinesBy:
    """How a number went in its most frequent groups, five at most."""

    number: str
    title: Text
    by: Dimension
    note: Text = ""

    def questions(self, scope: Scope) -> list[Question]:
        return [scope.question(self.number, group_by=(self.by,), compare=False)]

    def further(self, scope: Scope, answered: Sequence[Answer]) -> list[Question]:
        return [
            scope.question(
                self.number,
                interval=_coarse(scope),
                filters={**scope.filters, self.by: group.keys[0]},
                compare=False,
            )
            for group in self._greatest(answered[0])
        ]

    def draw(self, scope: Scope, answered: Sequence[Answer]) -> Drawn:
        grouped, *of_groups = answered
        names = [group.labels[0] for group in self._greatest(grouped)]
        series = [
            Series(name=name, values=_values(answer))
            for name, answer in zip(names, of_groups, strict=True)
        ]
        return Drawn(
            template="_lines.html",
            key=f"{self.number}-by-{self.by}",
            title=str(self.title),
            note=str(self.note),
            number=self.number,
            query=scope.query,
            is_empty=not series,
            chart=_chart(scope, of_groups[0], series) if series else None,
        )

    def _greatest(self, answer: Answer) -> list[Group]:
        return [group for group in _told(answer) if group.keys[0]][:MOST_SERIES]


@dataclass(frozen=True, kw_only=True)
class Bars:
    """A number split up by one dimension; shares and means with what they are shares of."""

    number: str
    title: Text
    by: Dimension
    most: int = 10
    note: Text = ""

    def questions(self, scope: Scope) -> list[Question]:
        return [scope.question(self.number, group_by=(self.by,), compare=False)]

    def further(self, scope: Scope, answered: Sequence[Answer]) -> list[Question]:
        return []

    def draw(self, scope: Scope, answered: Sequence[Answer]) -> Drawn:
        [answer] = answered
        groups = _told(answer)[: self.most]
        bars = bars_of([float(group.value or 0) for group in groups])
        has_count = answer.denominator is not None
        return Drawn(
            template="_bars.html",
            key=f"{self.number}-by-{self.by}",
            title=str(self.title),
            note=str(self.note),
            number=self.number,
            query=scope.query,
            is_empty=not groups,
            heads=(answer.title, *((answer.denominator_label,) if has_count else ())),
            rows=tuple(
                TableRow(
                    name=group.labels[0],
                    query=narrowed(scope, {self.by: group.keys[0]}),
                    cells=(
                        Cell(words=words_of(group.value, answer.unit, answer.currency), bar=bar),
                        *((Cell(words=count_words(group.denominator or 0)),) if has_count else ()),
                    ),
                )
                for group, bar in zip(groups, bars, strict=True)
            ),
        )


@dataclass(frozen=True, kw_only=True)
class PartBars:
    """Some of a number's parts side by side, such as the ratings from 5 to 1."""

    number: str
    title: Text
    parts: tuple[str, ...]
    note: Text = ""

    def questions(self, scope: Scope) -> list[Question]:
        return [scope.question(self.number, compare=False)]

    def further(self, scope: Scope, answered: Sequence[Answer]) -> list[Question]:
        return []

    def draw(self, scope: Scope, answered: Sequence[Answer]) -> Drawn:
        [answer] = answered
        parts = [answer.parts[key] for key in self.parts if key in answer.parts]
        bars = bars_of([None if part.value is None else float(part.value) for part in parts])
        return Drawn(
            template="_bars.html",
            key=f"{self.number}-parts",
            title=str(self.title),
            note=str(self.note),
            number=self.number,
            query=scope.query,
            is_empty=not any(part.value for part in parts),
            heads=(answer.title,),
            rows=tuple(
                TableRow(
                    name=part.title,
                    cells=(Cell(words=words_of(part.value, part.unit, answer.currency), bar=bar),),
                )
                for part, bar in zip(parts, bars, strict=True)
            ),
        )


@dataclass(frozen=True, kw_only=True)
class GroupTable:
    """Groups with several of their parts: a scorecard."""

    number: str
    title: Text
    by: tuple[Dimension, ...]
    parts: tuple[str, ...]
    most: int = 25
    note: Text = ""
    value_title: Text = field(default="")

    def questions(self, scope: Scope) -> list[Question]:
        return [scope.question(self.number, group_by=self.by, compare=False)]

    def further(self, scope: Scope, answered: Sequence[Answer]) -> list[Question]:
        return []

    def draw(self, scope: Scope, answered: Sequence[Answer]) -> Drawn:
        [answer] = answered
        groups = _told(answer)[: self.most]
        titles = [answer.parts[key].title for key in self.parts if key in answer.parts]
        is_counted = answer.denominator is not None
        counted = (answer.denominator_label,) if is_counted else ()
        return Drawn(
            template="_table.html",
            is_wide=True,
            key=f"{self.number}-table",
            title=str(self.title),
            note=str(self.note),
            number=self.number,
            query=scope.query,
            is_empty=not groups,
            heads=(*counted, str(self.value_title or answer.title), *titles),
            rows=tuple(
                TableRow(
                    name=" → ".join(group.labels),
                    query=narrowed(scope, dict(zip(self.by, group.keys, strict=True))),
                    cells=(
                        *((_count_cell(group),) if is_counted else ()),
                        Cell(words=words_of(group.value, answer.unit, answer.currency)),
                        *(
                            _part_cell(group.parts.get(key), answer.currency)
                            for key in self.parts
                            if key in answer.parts
                        ),
                    ),
                )
                for group in groups
            ),
        )


@dataclass(frozen=True, kw_only=True)
class Currencies:
    """Money by currency: each for itself."""

    number: str
    title: Text
    note: Text = ""

    def questions(self, scope: Scope) -> list[Question]:
        return [scope.question(self.number, compare=False)]

    def further(self, scope: Scope, answered: Sequence[Answer]) -> list[Question]:
        return []

    def draw(self, scope: Scope, answered: Sequence[Answer]) -> Drawn:
        [answer] = answered
        keys = list(answer.parts)
        return Drawn(
            template="_table.html",
            key=f"{self.number}-currencies",
            title=str(self.title),
            note=str(self.note),
            number=self.number,
            query=scope.query,
            is_empty=not answer.by_currency,
            heads=(answer.title, *(answer.parts[key].title for key in keys)),
            rows=tuple(
                TableRow(
                    name=found.currency,
                    cells=(
                        Cell(words=words_of(found.value, answer.unit, found.currency)),
                        *(_part_cell(found.parts.get(key), found.currency) for key in keys),
                    ),
                )
                for found in answer.by_currency
            ),
        )


def narrowed(scope: Scope, keys: dict[Dimension, str]) -> str:
    """The query of the same page narrowed to one group; empty where that cannot be said."""
    if any(dimension.value not in FILTERS or not key for dimension, key in keys.items()):
        return ""
    return scope.narrowed({dimension.value: key for dimension, key in keys.items()})


def _chart(scope: Scope, answer: Answer, series: Sequence[Series]) -> LineChart:
    unit, currency = answer.unit, answer.currency
    interval = answer.interval or scope.interval
    return line_chart(
        [step_words(point.from_, point.to, interval) for point in answer.series],
        series,
        words=lambda value: words_of(value, unit, currency),
        tick_words=lambda value: tick_words(value, unit, currency),
        is_whole=unit is Unit.COUNT,
        is_open=bool(answer.series) and answer.series[-1].to >= scope.today,
    )


def _values(answer: Answer) -> tuple[float | None, ...]:
    return tuple(None if point.value is None else float(point.value) for point in answer.series)


def _fitted(values: tuple[float | None, ...], count: int) -> tuple[float | None, ...]:
    """Months have other lengths: what is compared has as many steps."""
    return (*values[:count], *[None] * (count - len(values)))


def _told(answer: Answer) -> list[Group]:
    """Those that say something, the greatest first."""
    told = [group for group in answer.groups if group.value is not None]
    told = [group for group in told if group.value or any(group.keys)]
    return sorted(told, key=_weight, reverse=True)


def _coarse(scope: Scope) -> Interval:
    """Of several lines at once: with many steps one would not see them for their spikes."""
    coarser = {Interval.DAY: Interval.WEEK, Interval.WEEK: Interval.MONTH}
    if len(scope.period.steps(scope.interval)) <= MOST_SPIKES:
        return scope.interval
    wanted = coarser.get(scope.interval, scope.interval)
    return wanted if wanted in intervals_for(scope.period) else scope.interval


def _weight(group: Group) -> Any:
    """Of how much the group is: of what it counts."""
    counted = group.denominator if group.denominator is not None else group.value
    return (counted or 0, group.labels)


def _count_cell(group: Group) -> Cell:
    return Cell(words=count_words(group.denominator or 0))


def _part_cell(part: Part | None, currency: str) -> Cell:
    return Cell(words=NOTHING if part is None else words_of(part.value, part.unit, currency))
