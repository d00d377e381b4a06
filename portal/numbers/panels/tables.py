"""Panels that are tables: scorecards, and money by currency."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.answers import Answer
from analytics.questions import Dimension, Question
from portal.numbers.amounts import count_words, words_of
from portal.numbers.panels.panel import (
    Cell,
    Drawn,
    Panel,
    TableRow,
    Text,
    narrowed,
    part_cell,
    rows_of,
    told,
)
from portal.numbers.scope import Scope

TEMPLATE = "_table.html"


@dataclass(frozen=True, kw_only=True)
class GroupTable(Panel):
    """Groups with several of their parts."""

    by: tuple[Dimension, ...]
    parts: tuple[str, ...]
    most: int = 25
    value_title: Text = ""
    """Of the number's own column, where its title does not fit."""

    def questions(self, scope: Scope) -> list[Question]:
        return [scope.question(self.number, group_by=self.by, compare=False)]

    def draw(self, scope: Scope, answered: Sequence[Answer]) -> Drawn:
        [answer] = answered
        groups = told(answer)[: self.most]
        keys = [key for key in self.parts if key in answer.parts]
        has_count = answer.denominator is not None
        return self.drawn(
            TEMPLATE,
            "table",
            is_empty=not groups,
            heads=(
                *((answer.denominator_label,) if has_count else ()),
                str(self.value_title or answer.title),
                *(answer.parts[key].title for key in keys),
            ),
            rows=tuple(
                TableRow(
                    name=" → ".join(group.labels),
                    query=narrowed(scope, dict(zip(self.by, group.keys, strict=True))),
                    rows=rows_of(scope, dict(zip(self.by, group.keys, strict=True))),
                    cells=(
                        *((Cell(words=count_words(group.denominator or 0)),) if has_count else ()),
                        Cell(words=words_of(group.value, answer.unit, answer.currency)),
                        *(part_cell(group.parts.get(key), answer.currency) for key in keys),
                    ),
                )
                for group in groups
            ),
        )


@dataclass(frozen=True, kw_only=True)
class Currencies(Panel):
    """Money by currency, each for itself."""

    def questions(self, scope: Scope) -> list[Question]:
        return [scope.question(self.number, compare=False)]

    def draw(self, scope: Scope, answered: Sequence[Answer]) -> Drawn:
        [answer] = answered
        keys = list(answer.parts)
        return self.drawn(
            TEMPLATE,
            "currencies",
            is_empty=not answer.by_currency,
            heads=(answer.title, *(answer.parts[key].title for key in keys)),
            rows=tuple(
                TableRow(
                    name=found.currency,
                    rows=rows_of(scope, {Dimension.CURRENCY: found.currency}),
                    cells=(
                        Cell(words=words_of(found.value, answer.unit, found.currency)),
                        *(part_cell(found.parts.get(key), found.currency) for key in keys),
                    ),
                )
                for found in answer.by_currency
            ),
        )
