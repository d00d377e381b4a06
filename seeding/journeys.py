"""When parcels are handed over, and what their carriers report of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from shipments.phases import Flag, Phase

CANCELLED = 0.025
NEVER_SHIPPED = 0.004
NEVER_SCANNED = 0.004
FAILED_ATTEMPT = 0.06
RETURNED = 0.012
DELAYED = 0.03


@dataclass(frozen=True, slots=True)
class Scan:
    """What a carrier reports: a public event name of the contract's section 4, with its group."""

    at: datetime
    name: str
    group: str
    phase: Phase
    flag: Flag = Flag.NORMAL


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


def scans(rng: Random, handed_over_at: datetime, *, is_abroad: bool) -> list[Scan]:
    """The whole journey, to the door or back."""
    chance = rng.random
    if chance() < NEVER_SCANNED:
        return []
    flag = Flag.DELAY if chance() < DELAYED else Flag.NORMAL
    hub = handed_over_at + timedelta(seconds=int(3 * 3600 + chance() * 14 * 3600))
    journey = [_departure(hub)]
    if is_abroad:
        hub += timedelta(seconds=int(6 * 3600 + chance() * 14 * 3600))
        journey.append(_departure(hub))
    days = (1 if chance() < 0.75 else 2) + (2 if is_abroad else 0)
    if flag == Flag.DELAY:
        days += 3 + int(chance() * 4)
        journey.append(_departure(hub + timedelta(days=days - 1), Flag.DELAY))
    morning = _morning(rng, hub + timedelta(days=days - 1))
    if chance() < FAILED_ATTEMPT:
        journey += [
            _out_for_delivery(morning, flag),
            Scan(
                morning + timedelta(seconds=int(3600 + chance() * 5 * 3600)),
                "DELIVERY_ATTEMPTED",
                "shipment_delivery_failed",
                Phase.IN_DELIVERY,
                flag,
            ),
        ]
        morning = _morning(rng, morning)
        if chance() < RETURNED / FAILED_ATTEMPT:
            journey.append(
                Scan(
                    morning + timedelta(days=6),
                    "RETURNED_TO_SENDER",
                    "shipment_failed_returned",
                    Phase.RETURNED,
                    Flag.ERROR,
                )
            )
            return journey
    delivered_at = morning + timedelta(seconds=int(1800 + chance() * 8 * 3600))
    journey.append(_out_for_delivery(morning, flag))
    journey.append(
        Scan(delivered_at, "SUCCESSFULLY_DELIVERED", "shipment_delivered", Phase.DELIVERED)
    )
    return journey


def _departure(at: datetime, flag: Flag = Flag.NORMAL) -> Scan:
    return Scan(at, "DEPARTURE_FROM_TRANSPORT_HUB", "shipment_in_transit", Phase.IN_TRANSIT, flag)


def _out_for_delivery(at: datetime, flag: Flag) -> Scan:
    return Scan(at, "OUT_FOR_DELIVERY", "shipment_out_for_delivery", Phase.IN_DELIVERY, flag)


def _working_hour(rng: Random, at: datetime) -> datetime:
    """The next time at which a warehouse hands parcels over: 9 to 18 h, not on Sundays."""
    if at.hour >= 18:
        at += timedelta(days=1)
    if at.weekday() == 6:
        at += timedelta(days=1)
    if at.hour >= 18 or at.hour < 9:
        at = at.replace(hour=9 + int(rng.random() * 9))
    return at.replace(minute=int(rng.random() * 60), second=int(rng.random() * 60), microsecond=0)


def _morning(rng: Random, at: datetime) -> datetime:
    """The morning after, not on a Sunday."""
    at += timedelta(days=2 if at.weekday() == 5 else 1)
    minute = int(rng.random() * 180)
    return at.replace(hour=6 + minute // 60, minute=minute % 60, second=int(rng.random() * 60))
