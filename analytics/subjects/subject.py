"""What numbers count: orders, parcels, claims. Each subject is rows of the base tables, its units.

The SQL of a subject's units names, for each of them, its day, by what it may be split up, and what
its cells are worked out from. A cell is an aggregate over units, such as how many there are of a
sort; the rollup keeps each cell for each day, so that a number is only ever made of cells.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from analytics.questions import Dimension


@dataclass(frozen=True, kw_only=True)
class Subject:
    name: str
    units: str
    """A query over `cohort` (`analytics.cohort`); %(name)s are its parameters."""
    unit_id: str
    """The unit's id among its columns."""
    cells: Mapping[str, str]
    """By name the SQL of an aggregate over units; a cell is 0 where there are none."""
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


def count(condition: str) -> str:
    return f"count(*) FILTER (WHERE {condition})"


def total(amount: str, condition: str = "true") -> str:
    return f"coalesce(sum({amount}) FILTER (WHERE {condition}), 0)"
