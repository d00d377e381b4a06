"""When parcels are handed over, and what their carriers report of them.

How long they take hangs on the carrier, on the country and on the ZIP area; most arrive as usual, a
few take weeks. Nobody delivers on public holidays, and on Saturdays only some.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from zlib import crc32
from zoneinfo import ZoneInfo

from shipments.arrival.calendars import calendar
from shipments.arrival.destinations import Destination

CANCELLED = 0.025
NEVER_SHIPPED = 0.004
NEVER_SCANNED = 0.004
FAILED_ATTEMPT = 0.06
PICKED_UP_LATER = 0.3
"""Of the failed attempts."""
RETURNED = 0.1
"""Of the failed attempts."""
REPORTED_LATE = 0.03
MONDAY_TO_SATURDAY = (0, 1, 2, 3, 4, 5)
MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)
DELIVERED = (
    ("SUCCESSFULLY_DELIVERED", 0.72),
    ("DELIVERED_TO_HOUSEHOLD_MEMBER", 0.82),
    ("DELIVERED_TO_NEIGHBOUR", 0.92),
    ("DELIVERED_TO_SAFE_PLACE", 0.96),
    ("DELIVERED_WITH_SIGNATURE", 0.994),
    ("DELIVERED_DAMAGED", 1.0),
)


@dataclass(frozen=True, slots=True)
class Scan:
    """What a carrier reports, by a name of the catalogue (docs/events.md)."""

    at: datetime
    name: str
    location: str
    reported_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """Where a parcel goes, and by whom."""

    carrier_reference: str
    destination: Destination
    city: str
    timezone: str
    """Of the destination."""
    origin: str
    """The city that it starts in."""
    is_abroad: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How fast a carrier is; see `paces.toml`."""

    days: Sequence[int]
    saturday: float
    held_up: float
    hours: tuple[int, int]

    def draw_days(self, draw: float) -> int:
        ends = list(accumulate(self.days))
        return 1 + sum(end <= draw * ends[-1] for end in ends)


def cancellation(rng: Random, placed_at: datetime) -> datetime | None:
    """When the customer thought better of it, which few do."""
    if rng.random() >= CANCELLED:
        return None
    return placed_at + timedelta(seconds=int(300 + rng.random() ** 2 * 20 * 3600))


def handovers(rng: Random, placed_at: datetime, parcels: int) -> list[datetime]:
    """When each parcel is handed to the carrier; some follow later than the first."""
    chance = rng.random
    if chance() < NEVER_SHIPPED:
        return []
    at = _working_hour(rng, placed_at + timedelta(hours=2 + chance() ** 2 * 70))
    times = [at]
    for _ in range(parcels - 1):
        if chance() < 0.5:
            at = _working_hour(rng, at + timedelta(hours=20 + chance() * 76))
        times.append(at)
    return times


def scans(rng: Random, handed_over_at: datetime, route: Route) -> list[Scan]:
    """The whole journey, to the door or back, in the order in which it is reported."""
    if rng.random() < NEVER_SCANNED:
        return []
    return _Trip(rng, handed_over_at, route).scans()


class _Trip:
    """One parcel's way, told from its hand-over on."""

    def __init__(self, rng: Random, handed_over_at: datetime, route: Route) -> None:
        self.chance = rng.random
        self.route = route
        self.pace = pace_of(route.carrier_reference)
        self.zone = ZoneInfo(route.timezone)
        weekdays = MONDAY_TO_SATURDAY if self.chance() < self.pace.saturday else MONDAY_TO_FRIDAY
        self.days = calendar(route.destination.country_code, weekdays)
        self.start = handed_over_at
        self.told: list[Scan] = []

    def scans(self) -> list[Scan]:
        days = self._days()
        held_up = self._held_up()
        hub = self.start + timedelta(seconds=int(3 * 3600 + self.chance() * 11 * 3600))
        self._tell(hub, "DEPARTURE_FROM_TRANSPORT_HUB", self.route.origin)
        if self.route.is_abroad:
            border = hub + timedelta(seconds=int(10 * 3600 + self.chance() * 20 * 3600))
            self._tell(border, "ARRIVAL_IN_DESTINATION_COUNTRY", self.route.city)
        local = self.start.astimezone(self.zone)
        if held_up:
            stuck = self.days.after(local.date(), days)
            self._tell(self._at(stuck, 5), "DELAYED_BY_CARRIER", self.route.city)
        day = self.days.after(local.date(), days + held_up)
        if day - local.date() > timedelta(days=1) or self.chance() < 0.5:
            self._tell(
                max(self._at(day, 3 + self.chance()), self._last + timedelta(minutes=20)),
                "ARRIVAL_AT_DELIVERY_DEPOT",
                self.route.city,
            )
        self._deliver(day)
        self._report_some_late()
        return sorted(self.told, key=lambda scan: scan.reported_at)

    def _days(self) -> int:
        """Delivery days from the hand-over to the first attempt."""
        days = self.pace.draw_days(self.chance())
        remoteness = _of_area(self.route, "remote") % 10
        if remoteness == 9:
            days += 1 + (self.chance() < 0.3)
        elif remoteness >= 6:
            days += self.chance() < 0.35
        if self.start.astimezone(self.zone).hour >= 16:
            days += self.chance() < 0.5
        if self.route.is_abroad:
            days += 1 + int(self.chance() * 2) + int(self.chance() ** 4 * 5)
        return days

    def _held_up(self) -> int:
        """Further days for the few that something happens to: a Pareto tail, up to a month."""
        if self.chance() >= self.pace.held_up:
            return 0
        return min(1 + int(2 * (1 - self.chance()) ** (-1 / 1.6)), 22)

    def _deliver(self, day: date) -> None:
        out = self._out_for_delivery(day)
        at = self._round(day, after=out)
        if self.chance() < FAILED_ATTEMPT:
            self._tell(at, "DELIVERY_ATTEMPTED_NOBODY_HOME", self.route.city)
            draw = self.chance()
            if draw < RETURNED:
                self._tell(at + timedelta(days=7), "RETURNED_TO_SENDER", self.route.origin)
                return
            if draw < RETURNED + PICKED_UP_LATER:
                self._to_the_shop(at)
                return
            day = self.days.after(day, 1)
            at = self._round(day, after=self._out_for_delivery(day))
        draw = self.chance()
        self._tell(at, next(name for name, end in DELIVERED if draw < end), self.route.city)

    def _to_the_shop(self, at: datetime) -> None:
        waiting = at + timedelta(seconds=int(3600 + self.chance() * 3 * 3600))
        self._tell(waiting, "READY_FOR_PICKUP", self.route.city)
        picked_up = waiting + timedelta(seconds=int((10 + self.chance() ** 2 * 130) * 3600))
        self._tell(picked_up, "PICKED_UP_FROM_PARCEL_SHOP", self.route.city)

    def _out_for_delivery(self, day: date) -> datetime:
        out = max(self._at(day, 5.5 + 2 * self.chance()), self._last + timedelta(minutes=20))
        self._tell(out, "OUT_FOR_DELIVERY", self.route.city)
        return out

    def _round(self, day: date, *, after: datetime) -> datetime:
        """When the van comes by: about the same time in an area, within the carrier's hours."""
        first, last = self.pace.hours
        usual = first + 1 + (_of_area(self.route, "round") % 100) / 100 * (last - first - 2)
        drawn = usual + 2.2 * (self.chance() + self.chance() + self.chance() - 1.5)
        hour = min(max(drawn, first), last + self.chance())
        return max(self._at(day, hour), after + timedelta(minutes=15))

    def _report_some_late(self) -> None:
        """A hub's list that reaches the carrier when the parcel is home already."""
        if self.chance() >= REPORTED_LATE or len(self.told) < 3:
            return
        late = self.told[1]
        reported = self._last + timedelta(seconds=int(600 + self.chance() * 7200))
        self.told[1] = Scan(late.at, late.name, late.location, reported)

    @property
    def _last(self) -> datetime:
        return max((scan.at for scan in self.told), default=self.start)

    def _tell(self, at: datetime, name: str, location: str) -> None:
        self.told.append(Scan(at, name, location, at))

    def _at(self, day: date, hour: float) -> datetime:
        seconds = min(int(hour * 3600), 24 * 3600 - 1)
        clock = time(seconds // 3600, seconds // 60 % 60, seconds % 60)
        return datetime.combine(day, clock, self.zone).astimezone(self.start.tzinfo)


@cache
def pace_of(carrier_reference: str) -> Pace:
    """Carriers without a line of their own are as fast as the others."""
    said = _PACES.get(carrier_reference, _PACES["other"])
    return Pace(**{**said, "hours": tuple(said["hours"])})


_PACES = tomllib.loads(Path(__file__).with_name("paces.toml").read_text(encoding="utf-8"))


def _of_area(route: Route, what: str) -> int:
    """A number that stays the same for a ZIP area and a carrier."""
    return crc32(f"{what} {route.carrier_reference} {'/'.join(route.destination)}".encode())


def _working_hour(rng: Random, at: datetime) -> datetime:
    """The next time at which a warehouse hands parcels over: 9 to 18 h, not on Sundays."""
    if at.hour >= 18:
        at += timedelta(days=1)
    if at.weekday() == 6:
        at += timedelta(days=1)
    if at.hour >= 18 or at.hour < 9:
        at = at.replace(hour=9 + int(rng.random() * 9))
    return at.replace(minute=int(rng.random() * 60), second=int(rng.random() * 60), microsecond=0)
