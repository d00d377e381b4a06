"""Bars side by side in a table: one for each group, from zero, with its value beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

BOX = 100


@dataclass(frozen=True, slots=True)
class Bar:
    width: str
    """Of a box of BOX."""


def bars_of(values: Sequence[float | None]) -> tuple[Bar, ...]:
    """The longest one fills the box; a value that is not known has no bar."""
    longest = max((value for value in values if value is not None), default=0.0)
    return tuple(Bar(_width(value, longest)) for value in values)


def _width(value: float | None, longest: float) -> str:
    return f"{BOX * value / longest:.1f}" if value and value > 0 else "0"
