"""Panels of lines over time."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analytics.answers import Answer, Group, Unit
from analytics.questions import Dimension, Interval, Question
from portal.numbers.amounts import tick_words, words_of
from portal.numbers.charts.lines import MOST_SERIES, LineChart, Series, line_chart
from portal.numbers.panels.panel import Drawn, Panel, told
from portal.numbers.periods import intervals_for
from portal.numbers.scope import Scope
from portal.numbers.spans import step_words

TEMPLATE = "_lines.html"
MOST_SPIKES = 16
"""Steps up to which several lines can be told apart."""
COARSER = {Interval.DAY: Interval.WEEK, Interval.WEEK: Interval.MONTH}


@dataclass(frozen=True, kw_only=True)
class Lines(Panel):
    """How a number went, and how it went in the period it is compared with."""

    def questions(self, scope: Scope) -> list[Question]:
        asked = [scope.question(self.number, interval=scope.interval, compare=False)]
        if (before := scope.compared_period) is not None:
            asked.append(
                scope.question(self.number, period=before, interval=scope.interval, compare=False)
            )
        return asked

    def draw(self, scope: Scope, answered: Sequence[Answer]) -> Drawn:
        now, *befores = answered
        series = [Series(name=scope.words, short=_("now"), values=_values(now))]
        series += [
            Series(
                name=scope.compared_words,
                short=_("before"),
                values=_fitted(_values(before), len(now.series)),
                is_before=True,
            )
            for before in befores
        ]
        return self.drawn(
            TEMPLATE,
            "lines",
            is_empty=all(value is None for value in series[0].values),
            chart=_chart(scope, now, series),
        )


@dataclass(frozen=True, kw_only=True)
class LinesBy(Panel):
    """How a number went in its most frequent groups, five at most."""

    by: Dimension

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
            for group in _greatest(answered[0])
        ]

    def draw(self, scope: Scope, answered: Sequence[Answer]) -> Drawn:
        grouped, *of_groups = answered
        names = [group.labels[0] for group in _greatest(grouped)]
        series = [
            Series(name=name, values=_values(answer))
            for name, answer in zip(names, of_groups, strict=True)
        ]
        return self.drawn(
            TEMPLATE,
            f"lines-by-{self.by}",
            is_empty=not series,
            chart=_chart(scope, of_groups[0], series) if series else None,
        )


def _greatest(answer: Answer) -> list[Group]:
    return [group for group in told(answer) if group.keys[0]][:MOST_SERIES]


def _coarse(scope: Scope) -> Interval:
    """Of several lines at once: with many steps one would not see them for their spikes."""
    if len(scope.period.steps(scope.interval)) <= MOST_SPIKES:
        return scope.interval
    wanted = COARSER.get(scope.interval, scope.interval)
    return wanted if wanted in intervals_for(scope.period) else scope.interval


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
