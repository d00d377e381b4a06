"""How a shop's windows are measured, by stage: what would have told its newest deliveries best.

A table of the older deliveries is asked of the newer ones, by each clock and by several shares; the
share that contains as many as it should is taken (split conformal calibration: Lei et al. 2018,
https://arxiv.org/abs/1604.04173), and of the clocks the one whose windows are narrowest then. Few
parcels calibrate little.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from operator import attrgetter
from zoneinfo import ZoneInfo

from shipments.arrival.clocks import Clock
from shipments.arrival.counting import Delivery, count
from shipments.arrival.stages import Stage
from shipments.arrival.table import BY_DEFAULT, ArrivalTable, Measure

HELD_OUT = 0.3
"""Of the deliveries, the newest."""
MOST = 1_500
"""Held out of a stage; more would not change what they say."""
ENOUGH_TO_CHOOSE = 10
"""Held out of a stage; with fewer, its clock is the usual one."""
CONTAINED = 0.805
"""What the windows of the held-out parcels must contain: 80 %, and a little for what changes."""
BELIEVED = 200
"""Parcels beside those held out of which nothing is known but that"""
TOO_SURE = 0.03
"""so many fewer are contained than the share says, as is usual where it was learned from few."""
SHARES = (0.73, 0.79, 0.85, 0.91)
CLEARLY = 0.95
"""Of the usual clock's width, at which another is taken."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Tried:
    measure: Measure
    contained: float
    hours: float
    """Mean width."""


def choose_measures(deliveries: Sequence[Delivery], zone: ZoneInfo) -> dict[Stage, Measure]:
    by_age = sorted(deliveries, key=attrgetter("arrived_at"))
    split = len(by_age) - int(HELD_OUT * len(by_age))
    older, newer = by_age[:split], by_age[split:]
    tables = {
        clock: count(older, zone, {stage: Measure(clock=clock) for stage in Stage}).table(zone)
        for clock in Clock
    }
    return {stage: _choose(stage, tables, newer) for stage in Stage}


def _choose(
    stage: Stage, tables: Mapping[Clock, ArrivalTable], newer: Iterable[Delivery]
) -> Measure:
    asked = [delivery for delivery in newer if stage in delivery.reached][-MOST:]
    if not asked:
        return BY_DEFAULT
    usual = _calibrated(stage, BY_DEFAULT.clock, tables, asked)
    if len(asked) < ENOUGH_TO_CHOOSE:
        return usual.measure
    others = (
        _calibrated(stage, clock, tables, asked) for clock in Clock if clock != BY_DEFAULT.clock
    )
    best = min(others, key=attrgetter("hours"))
    return best.measure if best.hours < CLEARLY * usual.hours else usual.measure


def _calibrated(
    stage: Stage,
    clock: Clock,
    tables: Mapping[Clock, ArrivalTable],
    asked: Sequence[Delivery],
) -> _Tried:
    """The share, between those tried, by which the windows contain what they should."""
    tried = [_try(stage, Measure(clock=clock, contained=s), tables[clock], asked) for s in SHARES]
    low, high = next(
        (pair for pair in pairwise(tried) if pair[1].contained >= CONTAINED), (tried[-2], tried[-1])
    )
    part = (CONTAINED - low.contained) / (high.contained - low.contained)
    part = min(max(part, 0.0), 1.0)
    share = low.measure.contained + part * (high.measure.contained - low.measure.contained)
    return _Tried(
        measure=Measure(clock=clock, contained=round(share, 3)),
        contained=low.contained + part * (high.contained - low.contained),
        hours=low.hours + part * (high.hours - low.hours),
    )


def _try(stage: Stage, measure: Measure, table: ArrivalTable, asked: Sequence[Delivery]) -> _Tried:
    hours, within, told = 0.0, 0, 0
    for delivery in asked:
        since = delivery.reached[stage]
        window = table.window_by(measure, delivery.group(stage), since=since, as_of=since)
        if window is not None:
            told += 1
            within += window.start <= delivery.arrived_at <= window.end
            hours += (window.end - window.start) / timedelta(hours=1)
    believed = BELIEVED * (measure.contained - TOO_SURE)
    return _Tried(
        measure=measure,
        contained=(within + believed) / (told + BELIEVED),
        hours=hours / max(told, 1),
    )
