"""A carrier's answer as scans: names of the catalogue, and times in the zone they were made in."""

import tomllib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from shipments.feeds.carriers.connectors import Connector
from shipments.feeds.carriers.karrio_sdk import Tracked
from shipments.feeds.heard import Heard, id_of, invalid, read_each, with_window
from shipments.feeds.reading import name_for, place_of, read_moment, read_window, text_of
from shipments.models import Feed
from shipments.scans.inputs import ReportedScan

HELD = {"on_hold", "delivery_delayed", "delivery_failed"}
"""Statuses that a reason says more of."""
_NAMES = tomllib.loads(Path(__file__).with_name("karrio.toml").read_text(encoding="utf-8"))


def hear(connector: Connector, number: str, tracked: Tracked, zone: ZoneInfo) -> Heard:
    """The events as scans, and the day of delivery that the carrier expects.

    `zone` is the shop's: carriers that leave it out mean the place's, which is mostly the same.
    """
    details = tracked.details
    times = _exact_times(connector.provider, number, tracked)
    newest_name = _name_of_parcel(connector.provider, number, tracked)

    def read(indexed: tuple[int, Any]) -> ReportedScan:
        index, event = indexed
        return _scan(
            connector.provider,
            number,
            event,
            at=_moment(event, times[index] if index < len(times) else None, zone),
            name=newest_name if index == 0 and not event.status else None,
        )

    events = list(enumerate(details.events or []))
    heard = read_each(Feed.CARRIER, events, read, loc=("events",))
    if not details.delivered:
        day = details.estimated_delivery
        heard, _ = with_window(
            heard, lambda: read_window(None, day, zone, field="estimated_delivery"), loc=()
        )
    return heard


def _scan(
    provider: str, number: str, event: Any, *, at: datetime, name: str | None
) -> ReportedScan:
    said = name or _name(provider, event)
    place = place_of(event.location)
    return ReportedScan(
        tracking_number=number,
        event_name=said or name_for(provider, event.code or event.status or "event"),
        event_time=at,
        external_id=id_of(provider, at, event.code, event.description, place),
        location=place,
        additional_info=text_of(event.description, None if said else f"({event.code})"),
    )


def _name(provider: str, event: Any) -> str | None:
    words = (event.description or "").lower()
    for phrase, name in _NAMES["phrases"].get(provider, {}).items():
        if phrase in words:
            return str(name)
    codes = _NAMES["codes"].get(provider, {})
    if event.code in codes:
        return str(codes[event.code]) or None
    reason = _NAMES["reasons"].get(event.reason) if event.status in HELD else None
    name = reason or _NAMES["statuses"].get(event.status)
    return str(name) if name else None


def _name_of_parcel(provider: str, number: str, tracked: Tracked) -> str | None:
    """What the newest event means, where only the parcel as a whole has a status."""
    if provider == "gls":
        status = _gls_parcel(number, tracked.raw).get("status")
        if name := _NAMES["parcel_statuses"]["gls"].get(status):
            return str(name)
    name = _NAMES["statuses"].get(tracked.details.status)
    return str(name) if name else None


def _moment(event: Any, exact: str | None, zone: ZoneInfo) -> datetime:
    if exact:
        return read_moment(exact, zone, field="time")
    if event.timestamp:  # its “Z” is no zone: karrio writes it behind whatever the carrier said
        return read_moment(event.timestamp.removesuffix("Z"), zone, field="time")
    said = " ".join(part for part in (event.date, event.time) if part)
    for form in ("%Y-%m-%d %I:%M %p", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"):
        try:
            return datetime.strptime(said, form).replace(tzinfo=zone)
        except ValueError:
            continue
    raise invalid("time", f"“{said[:40]}” is no time")


# What karrio leaves out, read from the answer itself


def _exact_times(provider: str, number: str, tracked: Tracked) -> Sequence[str | None]:
    """When each event was, as the carrier wrote it; empty where that cannot be found."""
    read = _TIMES.get(provider)
    try:
        times = read(number, tracked.raw) if read else []
    except (AttributeError, LookupError, TypeError, ValueError):
        return []
    are_texts = all(at is None or isinstance(at, str) for at in times)
    return times if are_texts and len(times) == len(tracked.details.events or []) else []


def _ups_times(number: str, raw: Any) -> list[str | None]:
    [answer] = [answer for asked, answer in raw if asked == number]
    activities = answer["trackResponse"]["shipment"][0]["package"][0]["activity"]
    return [_ups_time(activity) for activity in activities]


def _ups_time(activity: dict[str, str]) -> str | None:
    day, at = activity.get("gmtDate"), activity.get("gmtTime")
    return f"{day[:4]}-{day[4:6]}-{day[6:]}T{at}Z" if day and at else None


def _dhl_times(number: str, raw: Any) -> list[str | None]:
    [answer] = raw
    return [event.get("timestamp") for event in answer["shipments"][0]["events"]]


def _gls_times(number: str, raw: Any) -> list[str | None]:
    return [event.get("eventDateTime") for event in _gls_parcel(number, raw)["events"]]


def _gls_parcel(number: str, raw: Any) -> dict[str, Any]:
    parcels = [p for p in raw["parcels"] if number in (p.get("requested"), p.get("unitno"))]
    return parcels[0] if parcels else {}


def _fedex_times(number: str, raw: Any) -> list[str | None]:
    [result] = raw["output"]["completeTrackResults"]
    [tracked] = result["trackResults"]
    return [event.get("date") for event in tracked["scanEvents"]]


_TIMES: dict[str, Callable[[str, Any], list[str | None]]] = {
    "ups": _ups_times,
    "dhl_universal": _dhl_times,
    "gls": _gls_times,
    "fedex": _fedex_times,
}
