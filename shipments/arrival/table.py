"""What a shop's earlier deliveries say of the next ones, in memory."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from shipments.arrival.calendars import MONDAY_TO_FRIDAY, DeliveryCalendar, at_hour, calendar
from shipments.arrival.destinations import Destination
from shipments.arrival.durations import Counts, Durations, usual
from shipments.arrival.stages import Stage

ENOUGH = 20
"""Deliveries of a shop from which on it is its own history that speaks."""

USUALLY: dict[Stage, Durations] = {
    Stage.SENT: usual([0.02, 0.28, 0.28, 0.15, 0.1, 0.06, 0.04, 0.03, 0.02, 0.01, 0.01]),
    Stage.MOVING: usual([0.02, 0.38, 0.25, 0.12, 0.08, 0.05, 0.04, 0.03, 0.02, 0.01]),
    Stage.HELD_UP: usual([0.02, 0.2, 0.2, 0.15, 0.12, 0.1, 0.07, 0.05, 0.04, 0.03, 0.02]),
    Stage.AT_THE_DOOR: usual([0.92, 0.06, 0.01, 0.01]),
    Stage.MISSED: usual([0.05, 0.7, 0.15, 0.05, 0.03, 0.02]),
}
"""Where nothing is known: shares of parcels by delivery days from the stage. A judgement, not a
measurement; the shop's own deliveries outweigh it from the first dozen on.
"""


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
    ) -> None:
        """`weekdays`: by carrier and country, those on which parcels arrive."""
        self.zone = zone
        self._weekdays = {key: tuple(days) for key, days in weekdays.items()}
        summed: dict[tuple[str, ...], Counter[int]] = defaultdict(Counter)
        for group, hours in counts:
            for level in _levels(group):
                summed[level].update(hours)
        self._counts = dict(summed)
        self._durations: dict[tuple[str, ...], Durations] = {}

    def calendar(self, carrier_reference: str, country_code: str) -> DeliveryCalendar:
        weekdays = self._weekdays.get((carrier_reference, country_code), MONDAY_TO_FRIDAY)
        return calendar(country_code, weekdays)

    def window(self, group: Group, *, since: datetime, as_of: datetime) -> Window | None:
        """When a parcel that reached the stage at `since` arrives, if it has not until `as_of`.

        None where the past says nothing: it takes longer than any before, or the time is absurd.
        """
        days = self.calendar(group.carrier_reference, group.destination.country_code)
        start, now = since.astimezone(self.zone), as_of.astimezone(self.zone)
        if not (days.knows(start.date()) and days.knows(now.date())):
            return None
        passed = 24 * days.between(start.date(), now.date())
        passed += now.hour if days.is_open(now.date()) else 24
        hours = self._hours(group, passed)
        if hours is None:
            return None
        lower, upper = (
            at_hour(days.after(start.date(), int(hour // 24)), hour % 24, self.zone)
            for hour in hours
        )
        return Window(
            start=lower, end=max(lower, upper), is_own_history=self.counted(group) >= ENOUGH
        )

    def counted(self, group: Group) -> int:
        """Deliveries of the shop that reached the stage."""
        counts = self._counts.get(_levels(group)[0])
        return counts.total() if counts else 0

    def _hours(self, group: Group, passed: int) -> tuple[float, float] | None:
        """By the narrowest group in which some took longer still."""
        windows = (durations.window(passed) for durations in reversed(self._narrowing(group)))
        return next((hours for hours in windows if hours is not None), None)

    def _narrowing(self, group: Group) -> list[Durations]:
        """What is usual, then the durations of each level that anything is known of."""
        found = [USUALLY[group.stage]]
        for level in _levels(group):
            if level not in self._counts:
                break
            if level not in self._durations:
                self._durations[level] = found[-1].refined(self._counts[level])
            found.append(self._durations[level])
        return found


def _levels(group: Group) -> list[tuple[str, ...]]:
    """Whom a parcel is compared with, from the whole shop to the ZIP area, as far as is known."""
    path = (group.stage.value, group.carrier_reference, *group.destination)
    known = next((place for place, name in enumerate(path) if not name), len(path))
    return [path[:length] for length in range(1, known + 1)]
