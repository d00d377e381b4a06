"""How a shop's windows are measured, by stage: what would have told its own deliveries best.

The deliveries are dealt into FOLDS parts; a table of the others is asked of each, by each clock. The
price of an hour at which the windows contain as many as they should is taken (cross-conformal
calibration: Vovk 2015, https://arxiv.org/abs/1208.0806), and of the clocks the one whose windows
are narrowest then. Few parcels calibrate little.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt
from operator import attrgetter
from zoneinfo import ZoneInfo

from shipments.arrival.clocks import Clock
from shipments.arrival.counting import Delivery, count
from shipments.arrival.durations import TOO_DEAR, Measure
from shipments.arrival.stages import Stage
from shipments.arrival.table import BY_DEFAULT, ArrivalTable

FOLDS = 5
HELD_OUT = 0.3
MOST = 1_500
"""Asked of a stage; more would not change what they say."""
ENOUGH_TO_CHOOSE = 10
"""Asked of a stage; with fewer, its clock is the usual one."""
CONTAINED = 0.805
"""What the windows must contain: 80 %, and a little for what changes."""
BELIEVED = 200
"""Parcels beside those asked of which nothing is known but that"""
TOO_SURE = 0.03
"""so many fewer are contained than the table says, as is usual where it was learned from few."""
LEAST = 0.6
"""Of the parcels like it, that a window contains however long they take."""
CHEAPEST = 0.0001
STEPS = 7
CLEARLY = 0.95
"""Of the usual clock's width, at which another is taken."""

Asked = Sequence[tuple[Delivery, Mapping[Clock, ArrivalTable]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Tried:
    measure: Measure
    contained: float
    hours: float
    """Mean width, as it would be if they contained what they should."""


def choose_measures(deliveries: Sequence[Delivery], zone: ZoneInfo, stages=Stage) -> dict[Stage, Measure]:
    by_age = sorted(deliveries, key=attrgetter("arrived_at"))
    parts = []
    if FOLDS:
        for k in range(FOLDS):
            parts.append(([d for i, d in enumerate(by_age) if i % FOLDS != k], by_age[k::FOLDS]))
    else:
        split = len(by_age) - int(HELD_OUT * len(by_age))
        parts.append((by_age[:split], by_age[split:]))
    asked = []
    for known, held_out in parts:
        tables = {
            clock: count(known, zone, {stage: Measure(clock=clock) for stage in Stage}).table(zone)
            for clock in Clock
        }
        asked += [(d, tables) for d in held_out]
    asked.sort(key=lambda a: a[0].arrived_at)
    return {stage: _choose(stage, asked) for stage in stages}


def _choose(stage: Stage, all_asked: Asked) -> Measure:
    asked = [one for one in all_asked if stage in one[0].reached][-MOST:]
    if not asked:
        return BY_DEFAULT
    usual = _calibrated(stage, BY_DEFAULT.clock, asked)
    if len(asked) < ENOUGH_TO_CHOOSE:
        return usual.measure
    others = (_calibrated(stage, clock, asked) for clock in Clock if clock != BY_DEFAULT.clock)
    best = min(others, key=attrgetter("hours"))
    return best.measure if best.hours < CLEARLY * usual.hours else usual.measure


def _calibrated(stage: Stage, clock: Clock, asked: Asked) -> _Tried:
    """The highest price, to a few per cent, at which the windows contain what they should."""
    low, high = CHEAPEST, TOO_DEAR
    best = None
    for _ in range(STEPS):
        price = float(f"{sqrt(low * high):.3g}")
        tried = _try(stage, Measure(clock=clock, least=LEAST, price=price), asked)
        if tried.contained >= CONTAINED:
            low, best = price, tried
        else:
            high = price
    return best or tried


def _try(stage: Stage, measure: Measure, asked: Asked) -> _Tried:
    hours, within, told, shares = 0.0, 0, 0, 0.0
    for delivery, tables in asked:
        since = delivery.reached[stage]
        window = tables[measure.clock].window_by(measure, delivery.group(stage), since=since, as_of=since)
        if window is not None:
            told += 1
            within += window.start <= delivery.arrived_at <= window.end
            hours += (window.end - window.start) / timedelta(hours=1)
            shares += window.share
    told = max(told, 1)
    believed = BELIEVED * (shares / told - TOO_SURE)
    contained = (within + believed) / (told + BELIEVED)
    return _Tried(
        measure=measure,
        contained=contained,
        hours=hours / told + (CONTAINED - contained) / measure.price,
    )
