"""What customers of seeded shops had been told before their parcels arrived."""

from datetime import date, datetime, time
from random import Random
from zoneinfo import ZoneInfo

from seeding.catalogue import COUNTRIES
from seeding.fates import Fate
from seeding.journeys import MONDAY_TO_SATURDAY, pace_of
from shipments.arrival.calendars import calendar
from shipments.arrival.destinations import Destination
from shipments.models import ArrivalSource, Shipment

TOLD = 0.92
KEPT = 0.94
"""The share of a carrier's parcels that a promise is made for to arrive by."""
ABROAD_DAYS = 3


def promise(rng: Random, shipment: Shipment, fate: Fate, to: Destination, home: str) -> None:
    """A window for a parcel that has arrived; those on their way are expected by the history.

    What was told first is the promise. Of a delay customers were told another day.
    """
    if shipment.delivered_at is None or rng.random() >= TOLD:
        return
    country = COUNTRIES.get(to.country_code, COUNTRIES[home])
    zone = ZoneInfo(country.timezone)
    days = calendar(country.code, MONDAY_TO_SATURDAY)
    most = pace_of(shipment.carrier_reference).draw_days(KEPT) + ABROAD_DAYS * (
        country.code != home
    )
    sent_on = (shipment.tracking_placed_at or shipment.delivered_at).astimezone(zone).date()
    first, last = days.after(sent_on, max(1, most - 1)), days.after(sent_on, most)
    shipment.promised_start, shipment.promised_end = _at(first, 8, zone), _at(last, 20, zone)
    if fate is Fate.LATE and rng.random() < 0.8:
        last = max(last, shipment.delivered_at.astimezone(zone).date())
    shipment.arrival_start, shipment.arrival_end = shipment.promised_start, _at(last, 20, zone)
    shipment.arrival_source = ArrivalSource.HISTORY


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), zone).astimezone(ZoneInfo("UTC"))
