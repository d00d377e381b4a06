"""What the name of an event says of its parcel: `names.toml` beside this file, worked out once."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shipments.catalogue.groups import GROUPS, standing_for
from shipments.phases import RETURN_PHASES, Direction, Flag, Phase, PickupType


@dataclass(frozen=True, kw_only=True, slots=True)
class Meaning:
    """One name, on the way to the customer or on the way back."""

    name: str
    phase: Phase
    """Where the parcel is now."""
    group: str
    flag: Flag
    direction: Direction
    pickup: PickupType | None = None
    """Where it waits for the customer, or was left; on the way back, nobody collects it."""
    also_groups: tuple[str, ...] = ()
    """Groups that, as filters, let it through too, such as shipment_delivered_all_events."""


def meaning_of(name: str, direction: Direction) -> Meaning | None:
    """What the name means for a parcel going that way; None for a shop's own name.

    A name that only returns have means a return, whichever way the parcel was thought to go.
    """
    return MEANINGS.get((name, direction))


def _read() -> Iterator[tuple[tuple[str, Direction], Meaning]]:
    said = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
    for phase, lines in said.items():
        for name, line in lines.items():
            try:
                out, back = _both_ways(name, Phase(phase), line)
            except (KeyError, TypeError, ValueError) as fault:
                raise ValueError(f"names.toml, {phase}.{name}: {fault!r}") from fault
            yield (name, Direction.MERCHANT_CUSTOMER), out
            yield (name, Direction.CUSTOMER_MERCHANT), back


def _both_ways(name: str, phase: Phase, line: dict[str, Any]) -> tuple[Meaning, Meaning]:
    """The meaning on the way to the customer and the one on the way back."""
    if phase in RETURN_PHASES:
        if "back" in line:
            raise ValueError("it is a return's name, so `back` says nothing")
        only = _meaning(name, Direction.CUSTOMER_MERCHANT, phase=phase, **line)
        return only, only
    line = dict(line)
    back = {"flag": line.get("flag", Flag.NORMAL), **line.pop("back")}
    return (
        _meaning(name, Direction.MERCHANT_CUSTOMER, phase=phase, **line),
        _meaning(name, Direction.CUSTOMER_MERCHANT, **back),
    )


def _meaning(
    name: str,
    direction: Direction,
    *,
    phase: str,
    group: str,
    flag: str = Flag.NORMAL,
    pickup: str | None = None,
    also: tuple[str, ...] = (),
) -> Meaning:
    if unknown := {group, *also} - set(GROUPS):
        raise ValueError(f"there is no group {unknown}")
    return Meaning(
        name=name,
        phase=Phase(phase),
        group=group,
        flag=Flag(flag),
        direction=direction,
        pickup=PickupType(pickup) if pickup else None,
        also_groups=(*standing_for(group), *also),
    )


def _each_once() -> dict[tuple[str, Direction], Meaning]:
    """TOML refuses a name that stands twice in one phase; this, one that stands in two."""
    meanings: dict[tuple[str, Direction], Meaning] = {}
    for key, meaning in _read():
        if key in meanings:
            raise ValueError(f"names.toml: {meaning.name} stands in two phases")
        meanings[key] = meaning
    return meanings


MEANINGS: dict[tuple[str, Direction], Meaning] = _each_once()
NAMES: tuple[str, ...] = tuple(dict.fromkeys(name for name, _ in MEANINGS))
"""Every name of the catalogue, in the order of the phases."""
