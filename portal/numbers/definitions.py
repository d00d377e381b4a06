"""What a number says of itself: its formula, what was divided by what, what was left out."""

from dataclasses import dataclass

from analytics.answers import Answer, Unit
from portal.numbers.amounts import count_words, sum_words, words_of


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    count: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Definition:
    text: str
    formula: str
    numerator: str
    """“3,912 orders whose parcels were all delivered”."""
    denominator: str
    left_out: tuple[LeftOut, ...]
    elsewhere: tuple[str, ...]
    """The same number in the other currencies, which are never added up."""


def definition_of(answer: Answer) -> Definition:
    return Definition(
        text=answer.definition,
        formula=answer.formula,
        numerator=_term(
            sum_words(answer.numerator, answer.unit, answer.currency), answer.numerator_label
        ),
        denominator=(
            ""
            if answer.denominator is None
            else _term(count_words(answer.denominator), answer.denominator_label)
        ),
        left_out=tuple(
            LeftOut(count=count_words(excluded.count), why=excluded.why)
            for excluded in answer.excluded
            if excluded.count
        ),
        elsewhere=tuple(
            words_of(other.value, answer.unit, other.currency)
            for other in answer.by_currency
            if answer.unit is Unit.MONEY and other.currency != answer.currency
        ),
    )


def _term(amount: str, label: str) -> str:
    return f"{amount} {label}".strip()
