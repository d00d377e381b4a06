"""Asking a shop for its numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from analytics.answers import (
    Answer,
    Compared,
    Excluded,
    Figure,
    Group,
    InCurrency,
    Part,
    Parts,
    Point,
    Unit,
)
from analytics.catalogue.number import Number
from analytics.catalogue.numbers import NUMBERS
from analytics.errors import NumberNotFound, QuestionInvalid
from analytics.figures import Figures, added_up, figure, part_figures
from analytics.labels import labels_of
from analytics.links import rows_path
from analytics.questions import FILTERS, FIRST_DAY, LAST_DAY, Dimension, Period, Question
from analytics.reading import Durations, Reader, Row, snapshot
from common.errors import Fault
from shops.models import Shop

LONGEST_PERIOD = 3_660
"""Days."""
PERIOD_INVALID, GROUP_BY_INVALID = "period_invalid", "group_by_invalid"
"""Types of faults."""


def answer(shop: Shop, question: Question) -> Answer:
    """Exact to the last write that was committed. NumberNotFound, QuestionInvalid."""
    [answered] = answers(shop, [question])
    return answered


def answers(shop: Shop, questions: Sequence[Question]) -> list[Answer]:
    """All of one moment; what several of them need is read once."""
    for question in questions:
        check(question)
    with snapshot():
        reader = Reader(shop)
        return [_Answering(shop, reader, question).answer() for question in questions]


def check(question: Question) -> Number:
    """The number that is asked for. NumberNotFound, QuestionInvalid."""
    number = NUMBERS.get(question.number)
    if number is None:
        raise NumberNotFound(f"There is no number “{question.number}”.")
    faults = list(_faults(number, question))
    if faults:
        raise QuestionInvalid(f"{faults[0].field}: {faults[0].msg}", faults)
    return number


def in_one_currency(shop: Shop, question: Question) -> Question:
    """The question whose rows are those that the answer counts: of money, in its currency alone."""
    number = check(question)
    if number.unit != Unit.MONEY or Dimension.CURRENCY in question.filters:
        return question
    filters = {**question.filters, Dimension.CURRENCY: shop.currency}
    return replace(question, filters=filters)


def _faults(number: Number, question: Question) -> Iterable[Fault]:
    period = question.period
    if period.first > period.last:
        yield _fault("from", "must not be after `to`", PERIOD_INVALID)
    elif period.days > LONGEST_PERIOD:
        yield _fault("from", f"must be at most {LONGEST_PERIOD:,} days before `to`", PERIOD_INVALID)
    if (
        not FIRST_DAY
        <= min(period.first, period.last)
        <= max(period.first, period.last)
        <= LAST_DAY
    ):
        yield _fault("from", f"must be between {FIRST_DAY} and {LAST_DAY}", PERIOD_INVALID)
    if len(question.group_by) > 2 or len(set(question.group_by)) < len(question.group_by):
        yield _fault("group_by", "names at most two dimensions, and each once", GROUP_BY_INVALID)
    for dimension in question.group_by:
        if dimension not in number.group_by:
            allowed = ", ".join(number.group_by)
            yield _fault("group_by", f"must be one of: {allowed}", GROUP_BY_INVALID)
    for dimension in question.filters:
        if dimension not in {*FILTERS, *number.group_by}:
            yield _fault(dimension, "cannot narrow this number", "filter_invalid")


def _fault(name: str, message: str, kind: str) -> Fault:
    return Fault(loc=("query", name), msg=message, type=kind)


class _Answering:
    def __init__(self, shop: Shop, reader: Reader, question: Question) -> None:
        self.shop = shop
        self.reader = reader
        self.question = question
        self.number = NUMBERS[question.number]
        self.currency = question.filters.get(Dimension.CURRENCY) or shop.currency
        self.counted = in_one_currency(shop, question)
        self.by = question.group_by or self.number.leads_with_groups
        self.target = reader.target

    def answer(self) -> Answer:
        number, question = self.number, self.question
        rows = self._rows(question.period, in_steps=question.interval is not None)
        figures = self._figures(question.period, rows)
        main = figures.main
        return Answer(
            value=main.value,
            numerator=main.numerator,
            denominator=main.denominator,
            number=number.name,
            title=str(number.title),
            unit=number.unit,
            formula=str(number.formula),
            definition=str(number.definition),
            numerator_label=str(number.numerator_label),
            denominator_label=str(number.denominator_label),
            excluded=tuple(self._excluded(rows)),
            parts={**figures.parts, **self._beside(question.period)},
            period=question.period,
            interval=question.interval,
            group_by=self.by,
            timezone=self.shop.timezone,
            currency=self.currency,
            by_currency=tuple(self._by_currency(rows)),
            series=tuple(self._series(rows)),
            groups=tuple(self._groups()) if self.by else (),
            previous=self._compared(question.period.before()) if question.compare else None,
            year_before=self._compared(question.period.year_before()) if question.compare else None,
            rows=rows_path(self.shop, self.counted),
        )

    def _rows(self, period: Period, *, in_steps: bool = False) -> list[Row]:
        interval = self.question.interval if in_steps else None
        return self.reader.cells(
            self.number.subject, period, interval=interval, filters=self.question.filters
        )

    def _figures(self, period: Period, rows: Sequence[Row]) -> Figures:
        durations = self._durations(period) if self.number.needs_durations else []
        return self._of(rows, durations)

    def _durations(self, period: Period, by: tuple[Dimension, ...] = ()) -> list[Durations]:
        return self.reader.durations(
            self.number.subject, period, by=by, filters=self.question.filters
        )

    def _of(
        self, rows: Sequence[Row], durations: Sequence[Durations], currency: str = ""
    ) -> Figures:
        """Of all currencies, but for money: that is of one, the answer's own unless said."""
        cells = added_up(rows)
        in_currency = added_up(row for row in rows if row.currency == (currency or self.currency))
        return Figures(
            main=figure(
                self.number.measure, in_currency if self.number.unit == Unit.MONEY else cells
            ),
            parts=part_figures(self.number, cells, in_currency, durations, self.target),
        )

    def _beside(self, period: Period) -> Parts:
        parts: dict[str, Part] = {}
        for name in self.number.beside:
            other = NUMBERS[name]
            rows = self.reader.cells(
                other.subject,
                period,
                interval=self.question.interval,  # as it is read for a number of that subject
                filters=self.question.filters,
            )
            beside = figure(other.measure, added_up(rows))
            parts[name] = Part(
                value=beside.value,
                numerator=beside.numerator,
                denominator=beside.denominator,
                key=name,
                title=str(other.title),
                unit=other.unit,
            )
        return parts

    def _excluded(self, rows: Sequence[Row]) -> Iterable[Excluded]:
        cells = added_up(self._kept(rows))
        for cell, why in self.number.excluded.items():
            yield Excluded(key=cell, count=int(cells.get(cell, 0)), why=str(why))

    def _by_currency(self, rows: Sequence[Row]) -> Iterable[InCurrency]:
        for currency in sorted({row.currency for row in rows}):
            cells = added_up(row for row in rows if row.currency == currency)
            found = figure(self.number.measure, cells)
            if not found.numerator and not found.denominator:
                continue
            yield InCurrency(
                value=found.value,
                numerator=found.numerator,
                denominator=found.denominator,
                currency=currency,
                parts=part_figures(self.number, cells, cells, (), self.target),
            )

    def _series(self, rows: Sequence[Row]) -> Iterable[Point]:
        interval = self.question.interval
        if interval is None:
            return
        by_start: dict[object, list[Row]] = {}
        for row in rows:
            by_start.setdefault(row.start, []).append(row)
        for step in self.question.period.steps(interval):
            found = self._main(by_start.get(interval.start_of(step.first), ()))
            yield Point(
                value=found.value,
                numerator=found.numerator,
                denominator=found.denominator,
                from_=step.first,
                to=step.last,
            )

    def _main(self, rows: Sequence[Row]) -> Figure:
        return figure(self.number.measure, added_up(self._kept(rows)))

    def _kept(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Those of the answer's currency, of money."""
        if self.number.unit != Unit.MONEY:
            return rows
        return [row for row in rows if row.currency == self.currency]

    def _groups(self) -> Iterable[Group]:
        question, number = self.question, self.number
        rows = self.reader.cells(
            number.subject, question.period, by=self.by, filters=question.filters
        )
        durations = self._durations(question.period, self.by) if number.needs_durations else []
        labels = labels_of(self.shop, self.by, [row.keys for row in rows])
        for keys in sorted({row.keys for row in rows}):
            figures = self._of(
                [row for row in rows if row.keys == keys],
                [duration for duration in durations if duration.keys == keys],
                currency=dict(zip(self.by, keys, strict=True)).get(Dimension.CURRENCY, ""),
            )
            yield Group(
                value=figures.main.value,
                numerator=figures.main.numerator,
                denominator=figures.main.denominator,
                keys=keys,
                labels=labels[keys],
                rows=rows_path(self.shop, self.counted, dict(zip(self.by, keys, strict=True))),
                parts=figures.parts,
            )

    def _compared(self, period: Period) -> Compared:
        figures = self._figures(period, self._rows(period))
        return Compared(
            value=figures.main.value,
            numerator=figures.main.numerator,
            denominator=figures.main.denominator,
            from_=period.first,
            to=period.last,
            parts=figures.parts,
        )
