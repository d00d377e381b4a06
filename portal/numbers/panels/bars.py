"""Panels of bars side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.answers import Answer
from analytics.questions import Dimension, Question
from portal.numbers.amounts import count_words, words_of
from portal.numbers.charts.bars import bars_of
from portal.numbers.panels.panel import Cell, Drawn, Panel, TableRow, narrowed, rows_of, told
from portal.numbers.scope import Scope

TEMPLATE = "_bars.html"


@dataclass(frozen=True, kw_only=True)
class Bars(Panel):
    """A number split up by one dimension; shares and means with what they are shares of."""

    by: Dimension
    most: int = 10

    def questions(self, scope: Scope) -> list[Question]:
        return [scope.question(self.number, group_by=(self.by,), compare=False)]

    def draw(self, scope: Scope, answered: Sequence[Answer]) -> Drawn:
        [answer] = answered
        groups = told(answer)[: self.most]
        bars = bars_of([float(group.value or 0) for group in groups])
        has_count = answer.denominator is not None
        return self.drawn(
            TEMPLATE,
            f"by-{self.by}",
            is_empty=not groups,
            heads=(answer.title, *((answer.denominator_label,) if has_count else ())),
            rows=tuple(
                TableRow(
                    name=group.labels[0],
                    query=narrowed(scope, {self.by: group.keys[0]}),
                    rows=rows_of(scope, {self.by: group.keys[0]}),
                    cells=(
                        Cell(words=words_of(group.value, answer.unit, answer.currency), bar=bar),
                        *((Cell(words=count_words(group.denominator or 0)),) if has_count else ()),
                    ),
                )
                for group, bar in zip(groups, bars, strict=True)
            ),
        )


@dataclass(frozen=True, kw_only=True)
class PartBars(Panel):
    """Some of a number's parts side by side, such as the ratings from 5 to 1."""

    parts: tuple[str, ...]

    def questions(self, scope: Scope) -> list[Question]:
        return [scope.question(self.number, compare=False)]

    def draw(self, scope: Scope, answered: Sequence[Answer]) -> Drawn:
        [answer] = answered
        parts = [answer.parts[key] for key in self.parts if key in answer.parts]
        bars = bars_of([None if part.value is None else float(part.value) for part in parts])
        return self.drawn(
            TEMPLATE,
            "parts",
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
