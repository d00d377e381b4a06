"""A number as it stands on a page: its value, how it went, what it was, and what it means."""

from dataclasses import dataclass

from django.utils import timezone

from analytics.answers import Answer, Compared, Part
from portal.numbers.amounts import bare_words_of, unit_words, words_of
from portal.numbers.changes import Change, change_of
from portal.numbers.charts.sparks import Spark, spark_of
from portal.numbers.definitions import Definition, definition_of
from portal.numbers.periods import Comparison


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """A further value of the number."""

    title: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    number: str
    title: str
    value: str
    unit: str
    change: Change | None
    spark: Spark | None
    definition: Definition
    besides: tuple[Beside, ...]
    query: str
    """Of the page of its rows."""


def card_of(
    answer: Answer,
    *,
    query: str,
    comparison: Comparison = Comparison.BEFORE,
    parts: tuple[str, ...] = (),
) -> Card:
    return Card(
        number=answer.number,
        title=answer.title,
        value=bare_words_of(answer.value, answer.unit, answer.currency),
        unit="" if answer.value is None else unit_words(answer.unit),
        change=change_of(
            answer.number,
            answer.unit,
            answer.value,
            compared(answer, comparison),
            answer.currency,
        ),
        spark=spark_of(_values(answer)),
        definition=definition_of(answer),
        besides=tuple(
            _beside(answer.parts[key], answer.currency) for key in parts if key in answer.parts
        ),
        query=query,
    )


def _values(answer: Answer) -> list[float | None]:
    """Without a step that is not over: it would look like a fall at the end of each line."""
    over = [point for point in answer.series if point.to < timezone.localdate()]
    return [None if point.value is None else float(point.value) for point in over]


def compared(answer: Answer, comparison: Comparison) -> Compared | None:
    if comparison is Comparison.NONE:
        return None
    return answer.year_before if comparison is Comparison.YEAR else answer.previous


def _beside(part: Part, currency: str) -> Beside:
    return Beside(title=part.title, words=words_of(part.value, part.unit, currency))
