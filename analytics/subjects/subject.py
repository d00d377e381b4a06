"""What numbers count: orders, parcels, claims. Each subject is rows of the base tables, its units.

The SQL of a subject's units names, for each of them, its day, by what it may be split up, and what
its cells are worked out from. A cell is an aggregate over units, such as how many there are of a
sort; the rollup keeps each cell for each day, so that a number is only ever made of cells.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from analytics.questions import Dimension


@dataclass(frozen=True, kw_only=True)
class Subject:
    name: str
    units: str
    """A query over `cohort` (`analytics.cohort`); %(name)s are its parameters."""
    counts: Mapping[str, str]
    """Cells that count units: by name, which ones, in SQL."""
    totals: Mapping[str, str] = field(default_factory=dict)
    """Cells that add something up: by name, what of a unit; NULL is nothing."""
    keys: Mapping[Dimension, str]
    """By dimension what a unit's value of it is: text, or an array where it has several."""
    several: frozenset[Dimension] = frozenset()
    """Dimensions of which a unit may have several values, or none: it is counted in each."""
    rollups: tuple[tuple[Dimension, ...], ...] = ()
    """Dimensions by which its cells are kept; whatever else is asked is read from the units."""
    money: frozenset[str] = frozenset()
    """Cells that are amounts in the unit's currency."""
    durations: Mapping[str, str] = field(default_factory=dict)
    """By name the bucket in which a unit's duration falls; NULL where it has none."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """What is shown of a unit where the rows behind a number are listed; beside the order's."""

    @cached_property
    def cells(self) -> dict[str, str]:
        """By name the aggregate over units, which is 0 where there are none."""
        counted = {name: f"count(*) FILTER (WHERE {which})" for name, which in self.counts.items()}
        added = {name: f"coalesce(sum({what}), 0)" for name, what in self.totals.items()}
        return {**counted, **added}
