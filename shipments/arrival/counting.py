"""Deliveries as counts: which days a carrier keeps, and how long its parcels took."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from shipments.arrival.calendars import MONDAY_TO_FRIDAY, calendar
from shipments.arrival.clocks import Clock, hours_taken
from shipments.arrival.destinations import Destination
from shipments.arrival.durations import Measure, hour_of
from shipments.arrival.stages import Stage
from shipments.arrival.table import BY_DEFAULT, ArrivalTable, Group

ENOUGH_TO_KNOW_DAYS = 40
"""Deliveries of a carrier in a country that tell on which weekdays it delivers."""
LEAST_SHARE = 0.04
"""Of a week's deliveries that makes a weekday one of them; even days have a sixth or a fifth."""
SMALLEST_AREA = 5
"""Deliveries; smaller ZIP areas are counted with their country only."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One parcel that arrived, and when it had reached which stage."""

    carrier_reference: str
    destination: Destination
    arrived_at: datetime
    reached: dict[Stage, datetime] = field(default_factory=dict)

    def group(self, stage: Stage) -> Group:
        return Group(
            stage=stage,
            carrier_reference=self.carrier_reference,
            destination=self.destination,
        )


Counted = dict[tuple[Stage, str, Destination], Counter[int]]
"""Of stages, carriers and destinations: parcels per hour of the stage's clock."""


@dataclass(frozen=True, kw_only=True)
class Habits:
    """What is known of a shop's carriers before any hour is counted."""

    zone: ZoneInfo
    weekdays: dict[tuple[str, str], list[int]]
    """By carrier and country, those on which parcels arrive."""
    sizes: Counter[tuple[str, Destination]]
    """Deliveries by carrier and destination."""

    def count(self, stage: Stage, clock: Clock, deliveries: Iterable[Delivery]) -> Counted:
        """Those of the deliveries that reached the stage."""
        counts: Counted = defaultdict(Counter)
        for delivery in deliveries:
            if stage not in delivery.reached:
                continue
            carrier, destination = delivery.carrier_reference, delivery.destination
            country = destination.country_code
            days = calendar(country, tuple(self.weekdays.get((carrier, country), MONDAY_TO_FRIDAY)))
            if self.sizes[carrier, destination] < SMALLEST_AREA:
                destination = Destination(country, "")
            start = delivery.reached[stage].astimezone(self.zone)
            arrived = delivery.arrived_at.astimezone(self.zone)
            if days.knows(start.date()) and days.knows(arrived.date()):
                taken = hours_taken(clock, days, start, arrived)
                counts[stage, carrier, destination][hour_of(taken)] += 1
        return counts

    def table(
        self, counts: Counted, measures: Mapping[Stage, Measure] | None = None
    ) -> ArrivalTable:
        groups = (
            (Group(stage=stage, carrier_reference=carrier, destination=destination), hours)
            for (stage, carrier, destination), hours in counts.items()
        )
        return ArrivalTable(
            zone=self.zone, weekdays=self.weekdays, counts=groups, measures=measures
        )


@dataclass(frozen=True, kw_only=True)
class Learned:
    habits: Habits
    measures: Mapping[Stage, Measure]
    counts: Counted
    """By the clock of the stage's measure."""

    def table(self) -> ArrivalTable:
        return self.habits.table(self.counts, self.measures)


def habits_of(deliveries: Sequence[Delivery], zone: ZoneInfo) -> Habits:
    return Habits(
        zone=zone,
        weekdays=_weekdays(deliveries, zone),
        sizes=Counter((d.carrier_reference, d.destination) for d in deliveries),
    )


def count(
    deliveries: Sequence[Delivery], habits: Habits, measures: Mapping[Stage, Measure]
) -> Learned:
    counts: Counted = {}
    for stage in Stage:
        counts |= habits.count(stage, measures.get(stage, BY_DEFAULT).clock, deliveries)
    return Learned(habits=habits, measures=measures, counts=counts)


def _weekdays(deliveries: Iterable[Delivery], zone: ZoneInfo) -> dict[tuple[str, str], list[int]]:
    arrivals: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for delivery in deliveries:
        key = (delivery.carrier_reference, delivery.destination.country_code)
        arrivals[key][delivery.arrived_at.astimezone(zone).weekday()] += 1
    return {
        key: [day for day in range(7) if days[day] >= LEAST_SHARE * days.total()]
        for key, days in arrivals.items()
        if days.total() >= ENOUGH_TO_KNOW_DAYS
    }
