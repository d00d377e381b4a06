"""From cells to values: sums, quotients, percentiles."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from analytics.answers import Amount, Figure, Part, Parts, Unit
from analytics.catalogue.number import Measure, Number, OverTarget, Percentile
from analytics.models import DeliveryTarget
from analytics.reading import Durations, Row

Cells = Mapping[str, Amount]

HUNDREDTH_OF_A_CENT = Decimal("0.0001")
HOURS_PER_DAY = 24


@dataclass(frozen=True, kw_only=True)
class Figures:
    main: Figure
    parts: Parts


def added_up(rows: Iterable[Row]) -> Cells:
    rows = list(rows)
    if len(rows) == 1:
        return rows[0].cells
    sums = [sum(amounts) for amounts in zip(*(row.cells.values() for row in rows), strict=True)]
    return dict(zip(rows[0].cells, sums, strict=True)) if rows else {}


def figure(measure: Measure, cells: Cells) -> Figure:
    """A sum is 0 where nothing was counted; a quotient is None then."""
    numerator = _scaled(measure.numerator.of(cells), measure)
    if measure.denominator is None:
        return Figure(value=numerator, numerator=numerator)
    denominator = int(measure.denominator.of(cells))
    value = _quotient(numerator, denominator, measure.unit) if denominator else None
    return Figure(value=value, numerator=numerator, denominator=denominator)


def part_figures(
    number: Number,
    cells: Cells,
    in_currency: Cells,
    durations: Sequence[Durations],
    target: DeliveryTarget,
) -> Parts:
    counts = {duration.name: duration.counts for duration in durations}
    parts: dict[str, Part] = {}
    for part in number.parts:
        match part:
            case Measure():
                found = figure(part, in_currency if part.unit == Unit.MONEY else cells)
            case Percentile():
                found = percentile(part, counts.get(part.duration, ()))
            case OverTarget():
                found = over_target(part, counts, target)
        parts[part.key] = Part(
            value=found.value,
            numerator=found.numerator,
            denominator=found.denominator,
            key=part.key,
            title=str(part.title),
            unit=part.unit,
        )
    return parts


def percentile(part: Percentile, counts: Sequence[tuple[int, int]]) -> Figure:
    """As `percentile_disc` over the buckets: the first that reaches the share."""
    units = sum(count for _, count in counts)
    passed = 0
    for bucket, count in counts:
        passed += count
        if passed >= part.share * units:
            return Figure(value=bucket / part.buckets_per_day, numerator=None, denominator=units)
    return Figure(value=None, numerator=None, denominator=0)


def over_target(
    part: OverTarget, counts: Mapping[str, Sequence[tuple[int, int]]], target: DeliveryTarget
) -> Figure:
    """Exact: a duration exceeds whole days if and only if its hours, rounded up, do."""
    name = part.business if target.in_business_days else part.calendar
    longest = target.days if target.in_business_days else target.days * HOURS_PER_DAY
    units = sum(count for _, count in counts.get(name, ()))
    over = sum(count for bucket, count in counts.get(name, ()) if bucket > longest)
    return Figure(value=over / units if units else None, numerator=over, denominator=units)


def _scaled(amount: Amount, measure: Measure) -> Amount:
    return amount if measure.scale == 1 else float(amount) / measure.scale


def _quotient(numerator: Amount, denominator: int, unit: Unit) -> Amount:
    if unit == Unit.MONEY:
        exact = Decimal(numerator) / denominator
        return exact.quantize(HUNDREDTH_OF_A_CENT, ROUND_HALF_EVEN)
    return float(numerator) / denominator
