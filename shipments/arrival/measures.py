"""How a shop's windows are measured, by stage: what would have told its own deliveries best.

A stage's deliveries are parted by age, and a table of the others is asked of each part, by each
clock. The price of an hour at which the windows contain as many as they should is taken
(cross-conformal calibration: Vovk 2015, https://arxiv.org/abs/1208.0806), and of the clocks the
one whose windows are narrowest then. Few parcels calibrate little.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from math import ceil, log10
from operator import attrgetter

from shipments.arrival.clocks import Clock
from shipments.arrival.counting import Delivery, Habits
from shipments.arrival.durations import TOO_DEAR, Measure
from shipments.arrival.stages import Stage
from shipments.arrival.table import BY_DEFAULT, ArrivalTable

PARTS = 10
MOST = 1_000
"""Asked of a stage, the newest; more would not change what they say."""
ENOUGH = 10
"""Deliveries of a stage; with fewer, it is measured as by default."""
CONTAINED = 0.81
"""What the windows must contain: 80 %, and a little for what changes."""
BELIEVED = 200
"""Parcels beside those asked of which nothing is known but that"""
TOO_SURE = 0.03
"""so many fewer are contained than the table says, as is usual where it was learned from few."""
LEAST = 0.6
"""Of the parcels like it, that a window contains however long they take."""
CHEAPEST = 0.0001
"""The lowest price: a hundred hours for one parcel of a hundred."""
MOST_SHARE = 0.96
"""That all windows contain, if need be."""
NEAR = 0.025
"""The windows contain what they should if they miss it by no more."""
HALVINGS = 6
"""Of the distance between the lowest and the highest, in search of the right one."""
CLEARLY = 0.95
"""Of the usual clock's width, at which another is taken."""

Part = tuple[Sequence[Delivery], ArrivalTable]
"""What is asked, and a table that does not know it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Tried:
    measure: Measure
    contained: float
    hours: float
    """Mean width."""

    @property
    def error(self) -> float:
        return abs(self.contained - CONTAINED)

    @property
    def hours_if_right(self) -> float:
        """As wide as they would be if they contained what they should, for the price."""
        return self.hours + (CONTAINED - self.contained) / self.measure.price


def choose_measures(deliveries: Sequence[Delivery], habits: Habits) -> dict[Stage, Measure]:
    by_age = sorted(deliveries, key=attrgetter("arrived_at"))
    return {
        stage: _choose(stage, [d for d in by_age if stage in d.reached], habits) for stage in Stage
    }


def _choose(stage: Stage, by_age: Sequence[Delivery], habits: Habits) -> Measure:
    if len(by_age) < ENOUGH:
        return BY_DEFAULT
    usual = _calibrated(stage, BY_DEFAULT.clock, by_age, habits)
    others = (
        _calibrated(stage, clock, by_age, habits) for clock in Clock if clock != BY_DEFAULT.clock
    )
    best = min(others, key=attrgetter("hours_if_right"))
    return best.measure if best.hours_if_right < CLEARLY * usual.hours_if_right else usual.measure


def _calibrated(stage: Stage, clock: Clock, by_age: Sequence[Delivery], habits: Habits) -> _Tried:
    """By the price at which the windows contain what they should.

    There may be none, where a third of the parcels come today and the others tomorrow: then by a
    price that is too high, and the least share that makes up for it.
    """
    parts = list(_parts(stage, clock, by_age, habits))
    at_price = partial(_at_price, stage, clock, parts)
    tried = _halved(at_price, wide=log10(CHEAPEST), narrow=log10(TOO_DEAR))
    too_high = (one.measure.price for one in tried if one.contained < CONTAINED)
    for price in (min(too_high, default=TOO_DEAR), TOO_DEAR):
        if min(one.error for one in tried) > NEAR:
            at_least = partial(_at_least, stage, clock, price, parts)
            tried += _halved(at_least, wide=MOST_SHARE, narrow=LEAST)
    return min(tried, key=attrgetter("error"))


def _at_price(stage: Stage, clock: Clock, parts: Sequence[Part], exponent: float) -> _Tried:
    """The price is 10 to the power of `exponent`."""
    price = float(f"{10**exponent:.3g}")
    return _try(stage, Measure(clock=clock, least=LEAST, price=price), parts)


def _at_least(
    stage: Stage, clock: Clock, price: float, parts: Sequence[Part], share: float
) -> _Tried:
    return _try(stage, Measure(clock=clock, least=round(share, 3), price=price), parts)


def _halved(attempt: Callable[[float], _Tried], *, wide: float, narrow: float) -> list[_Tried]:
    """What was tried on the way to where the windows contain what they should."""
    tried = []
    for _ in range(HALVINGS):
        middle = (wide + narrow) / 2
        tried.append(attempt(middle))
        if tried[-1].contained >= CONTAINED:
            wide = middle
        else:
            narrow = middle
    return tried


def _parts(
    stage: Stage, clock: Clock, by_age: Sequence[Delivery], habits: Habits
) -> Iterator[Part]:
    """From the newest on, until there are enough."""
    counts = habits.count(stage, clock, by_age)
    size, asked = ceil(len(by_age) / PARTS), 0
    for end in range(len(by_age), 0, -size):
        part = by_age[max(end - size, 0) : end]
        own = habits.count(stage, clock, part)
        others = {group: hours - own[group] for group, hours in counts.items() if group in own}
        yield part[asked - MOST :], habits.table(counts | others)
        asked += len(part)
        if asked >= MOST:
            return


def _try(stage: Stage, measure: Measure, parts: Sequence[Part]) -> _Tried:
    hours, within, told, shares = 0.0, 0, 0, 0.0
    for deliveries, table in parts:
        for delivery in deliveries:
            since = delivery.reached[stage]
            window = table.window_by(measure, delivery.group(stage), since=since, as_of=since)
            if window is not None:
                told += 1
                within += window.start <= delivery.arrived_at <= window.end
                hours += (window.end - window.start) / timedelta(hours=1)
                shares += window.share
    believed = BELIEVED * (shares / max(told, 1) - TOO_SURE)
    return _Tried(
        measure=measure,
        contained=(within + believed) / (told + BELIEVED),
        hours=hours / max(told, 1),
    )
