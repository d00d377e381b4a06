"""Where the axis of a chart ends, and where its lines are: round numbers, from zero up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor, log10

MOST_STEPS = 4
ROUND = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Scale:
    top: float
    ticks: tuple[float, ...]
    """From 0 to `top`."""

    def height(self, value: float) -> float:
        """From 0 at the bottom to 1 at the top."""
        return value / self.top


def scale_of(values: Iterable[float | None], *, is_whole: bool = False) -> Scale:
    """The least round scale that holds all values; `is_whole` where there are no halves to count.

    What is below zero, as no number of ours is, would lie below the axis.
    """
    greatest = max((value for value in values if value is not None), default=0.0)
    step = _step(greatest, is_whole=is_whole)
    count = max(1, _ceiling(greatest / step))
    return Scale(top=step * count, ticks=tuple(step * number for number in range(count + 1)))


def _step(greatest: float, *, is_whole: bool) -> float:
    """The least round one of which MOST_STEPS suffice."""
    if greatest <= 0:
        return 1.0
    magnitude = 10 ** floor(log10(greatest / MOST_STEPS))
    for factor in ROUND:
        step = factor * magnitude
        is_fine = step >= 1 and step == int(step) if is_whole else True
        if is_fine and _ceiling(greatest / step) <= MOST_STEPS:
            return float(step)
    return 1.0


def _ceiling(ratio: float) -> int:
    """Of what is meant: 3.0000000000000004 is 3."""
    whole = round(ratio)
    return whole if abs(ratio - whole) < 1e-9 else floor(ratio) + 1


def percent(share: float) -> str:
    """A length in an SVG: `12.5%`."""
    return f"{100 * share:.4g}%"


def spread(count: int) -> Sequence[float]:
    """The middles of so many cells side by side, each from 0 to 1."""
    return [(place + 0.5) / count for place in range(count)]
