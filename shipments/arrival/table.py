"""What a shop's earlier deliveries say of the next ones, in memory."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from shipments.arrival.calendars import MONDAY_TO_FRIDAY, DeliveryCalendar, calendar
from shipments.arrival.clocks import Clock, course, hours_passed, moment
from shipments.arrival.destinations import Destination
from shipments.arrival.durations import SHRINKAGE, Counts, Durations, Measure, Span, usual
from shipments.arrival.stages import Stage

ENOUGH = 20
"""Deliveries of a shop from which on it is its own history that speaks."""

USUALLY: dict[Stage, tuple[float, ...]] = {
    Stage.SENT: (0.02, 0.28, 0.28, 0.15, 0.1, 0.06, 0.04, 0.03, 0.02, 0.01, 0.01),
    Stage.MOVING: (0.02, 0.38, 0.25, 0.12, 0.08, 0.05, 0.04, 0.03, 0.02, 0.01),
    Stage.HELD_UP: (0.02, 0.2, 0.2, 0.15, 0.12, 0.1, 0.07, 0.05, 0.04, 0.03, 0.02),
    Stage.AT_THE_DOOR: (0.92, 0.06, 0.01, 0.01),
    Stage.MISSED: (0.05, 0.7, 0.15, 0.05, 0.03, 0.02),
}
"""Where nothing is known: shares of parcels by delivery days from the stage. A judgement, not a
measurement; the shop's own deliveries outweigh it from the first dozen on.
"""


TO_THE_USUAL = 2.0
"""How many parcels the usual shares weigh against a shop's own."""
SHRINKAGE_OF = {
    Stage.SENT: SHRINKAGE,
    Stage.MOVING: SHRINKAGE,
    Stage.HELD_UP: 400.0,
    Stage.AT_THE_DOOR: 20.0,
    Stage.MISSED: 400.0,
}
"""How many parcels a broader group weighs: few get stuck, and for how long says the way little."""


@cache
def usually(stage: Stage, clock: Clock) -> Durations:
    return usual(USUALLY[stage], clock)


BY_DEFAULT = Measure()
LONG = 12.0
"""Hours; longer windows begin and end on whole hours, shorter ones on quarters."""
SECOND = 1 / 3600
"""In hours: what ends at midnight ends on the day before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Parcels of one stage that went the same way."""

    stage: Stage
    carrier_reference: str
    destination: Destination


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    start: datetime
    end: datetime
    share: float
    """Of the earlier parcels like it, that arrived within."""
    is_own_history: bool
    """Off: the shop has too few deliveries, and this is what is usual."""


class ArrivalTable:
    """Counts of durations, from the narrowest group to the whole shop."""

    def __init__(
        self,
        *,
        zone: ZoneInfo,
        weekdays: Mapping[tuple[str, str], Sequence[int]],
        counts: Iterable[tuple[Group, Counts]],
        measures: Mapping[Stage, Measure] | None = None,
    ) -> None:
        """`weekdays`: by carrier and country, those on which parcels arrive. `counts`: by the
        clock of the stage's measure.
        """
        self.zone = zone
        self._measures = measures or {}
        self._weekdays = {key: tuple(days) for key, days in weekdays.items()}
        summed: dict[tuple[str, ...], Counter[int]] = defaultdict(Counter)
        for group, hours in counts:
            for level in _levels(group):
                summed[level].update(hours)
        self._counts = dict(summed)
        self._totals = {path[0]: all_.total() for path, all_ in summed.items() if len(path) == 1}
        self._narrowings: dict[tuple[str, ...], list[Durations]] = {}

    def calendar(self, carrier_reference: str, country_code: str) -> DeliveryCalendar:
        weekdays = self._weekdays.get((carrier_reference, country_code), MONDAY_TO_FRIDAY)
        return calendar(country_code, weekdays)

    def window(self, group: Group, *, since: datetime, as_of: datetime) -> Window | None:
        """When a parcel that reached the stage at `since` arrives, if it has not until `as_of`.

        None where the past says nothing: it takes longer than any before, or the time is absurd.
        """
        return self.window_by(
            self._measures.get(group.stage, BY_DEFAULT), group, since=since, as_of=as_of
        )

    def window_by(
        self, measure: Measure, group: Group, *, since: datetime, as_of: datetime
    ) -> Window | None:
        """`measure` has the clock by which the stage was counted."""
        days = self.calendar(group.carrier_reference, group.destination.country_code)
        start = since.astimezone(self.zone)
        now = start if as_of is since else as_of.astimezone(self.zone)
        if not (days.knows(start) and (now is start or days.knows(now))):
            return None
        span = self._span(group, measure, days, start, now)
        if span is None:
            return None
        quarters = 1 if span.end - span.start < LONG else 4
        lower = moment(measure.clock, days, start, span.start, quarters=quarters)
        upper = moment(measure.clock, days, start, span.end - SECOND, quarters=quarters)
        return Window(
            start=lower,
            end=max(lower, upper),
            share=span.share,
            is_own_history=self.counted(group.stage) >= ENOUGH,
        )

    def counted(self, stage: Stage) -> int:
        """Deliveries of the shop that reached the stage."""
        return self._totals.get(stage.value, 0)

    def _span(
        self, group: Group, measure: Measure, days: DeliveryCalendar, start: datetime, now: datetime
    ) -> Span | None:
        """By the narrowest group in which some took longer still."""
        passed = hours_passed(measure.clock, days, start, now)
        ahead = course(measure.clock, days, start)
        path: tuple[str, ...] = _path(group)
        while path and path not in self._counts:
            path = path[:-1]
        for durations in reversed(self._narrowing(path, group.stage, measure.clock)):
            span = durations.window(passed, measure, ahead)
            if span is not None:
                return span
        return None

    def _narrowing(self, path: tuple[str, ...], stage: Stage, clock: Clock) -> list[Durations]:
        """What is usual, then the durations of each level down to the path's."""
        if not path:
            return [usually(stage, clock)]
        if path not in self._narrowings:
            above = self._narrowing(path[:-1], stage, clock)
            refined = above[-1].refined(self._counts[path], _shrinkage(path))
            self._narrowings[path] = [*above, refined]
        return self._narrowings[path]


def _path(group: Group) -> tuple[str, str, str, str]:
    return (group.stage.value, group.carrier_reference, *group.destination)


def _levels(group: Group) -> list[tuple[str, ...]]:
    """Whom a parcel is compared with, from the whole shop to the ZIP area, as far as is known."""
    path = _path(group)
    known = next((place for place, name in enumerate(path) if not name), len(path))
    return [path[:length] for length in range(1, known + 1)]


def _shrinkage(level: tuple[str, ...]) -> float:
    stage, *narrower = level
    return SHRINKAGE_OF[Stage(stage)] if narrower else TO_THE_USUAL
