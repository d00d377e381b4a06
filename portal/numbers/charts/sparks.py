"""The small line beside a number: how it went, without axis or words."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.numbers.charts.scale import spread

WIDTH, HEIGHT, MARGIN = 120, 32, 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Spark:
    points: str
    """Of a polyline, in a box of WIDTH by HEIGHT; it goes on over steps without a value."""
    end: tuple[str, str]
    """The last value."""


def spark_of(values: Sequence[float | None]) -> Spark | None:
    """From the least value to the greatest, not from zero; None where there is no line to draw."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    least, span = min(known), max(known) - min(known)
    points = []
    for x, value in zip(spread(len(values)), values, strict=True):
        if value is not None:
            height = (value - least) / span if span else 0.5
            y = MARGIN + (HEIGHT - 2 * MARGIN) * (1 - height)
            points.append((f"{WIDTH * x:.1f}", f"{y:.1f}"))
    return Spark(points=" ".join(f"{x},{y}" for x, y in points), end=points[-1])
