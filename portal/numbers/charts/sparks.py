"""The small line beside a number: how it went, without axis or words."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.numbers.charts.scale import spread

WIDTH, HEIGHT, MARGIN = 120, 32, 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Spark:
    pieces: tuple[str, ...]
    """The `points` of polylines, in a box of WIDTH by HEIGHT."""
    end: tuple[str, str] | None
    """The last value."""


def spark_of(values: Sequence[float | None]) -> Spark | None:
    """From the least value to the greatest, not from zero; None where there is no line to draw."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    least, span = min(known), max(known) - min(known)
    runs: list[list[tuple[str, str]]] = [[]]
    for x, value in zip(spread(len(values)), values, strict=True):
        if value is None:
            runs.append([])
            continue
        height = (value - least) / span if span else 0.5
        y = MARGIN + (HEIGHT - 2 * MARGIN) * (1 - height)
        runs[-1].append((f"{WIDTH * x:.1f}", f"{y:.1f}"))
    return Spark(
        pieces=tuple(" ".join(f"{x},{y}" for x, y in run) for run in runs if len(run) > 1),
        end=next(run[-1] for run in reversed(runs) if run),
    )
