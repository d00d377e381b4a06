"""Bars side by side in a table: one for each group, from zero, with its value beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

BOX = 100


@dataclass(frozen=True, slots=True)
class Bar:
    width: str
    """Of a box of BOX."""
    before: str
    """Where the value of the period before ends; empty without one."""


def bars_of(values: Sequence[float | None], before: Sequence[float | None] = ()) -> tuple[Bar, ...]:
    """The longest one fills the box; a value that is not known has no bar."""
    befores = list(before) or [None] * len(values)
    longest = max((abs(value) for value in [*values, *befores] if value is not None), default=0.0)
    return tuple(
        Bar(_width(value, longest) or "0", _width(earlier, longest))
        for value, earlier in zip(values, befores, strict=True)
    )


def _width(value: float | None, longest: float) -> str:
    if value is None:
        return ""
    return f"{BOX * max(value, 0.0) / longest:.1f}" if longest else "0"
