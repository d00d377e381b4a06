"""EasyPost: each delivery is an event about one tracker with all of its details.

https://docs.easypost.com/docs/events and https://docs.easypost.com/docs/trackers
"""

import tomllib
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field

from common.wire import Code, Name, RequiredCode, RequiredName, Text, Wire
from shipments.feeds.heard import Heard, id_of, read_each, with_scan, with_window
from shipments.feeds.reading import (
    EXPECTED_DELIVERY_CHANGED,
    name_for,
    place_of,
    read_moment,
    read_window,
    text_of,
)
from shipments.models import Feed
from shipments.scans.inputs import MAX_SCANS, ReportedScan, WindowInput

DETAILS = ("body", "result", "tracking_details")
TRACKER = "Tracker"
_NAMES = tomllib.loads(Path(__file__).with_name("easypost.toml").read_text(encoding="utf-8"))


class Location(Wire):
    city: Name | None = None
    state: Name | None = None
    country: Name | None = None


class TrackingDetail(Wire):
    datetime: RequiredName
    status: Name | None = None
    status_detail: Name | None = None
    message: Text | None = None
    description: Text | None = None
    tracking_location: Location | None = None


class Result(Wire):
    """A tracker; of whatever else EasyPost tells (batches, refunds), only that it is none."""

    object: Name | None = None
    tracking_code: Code | None = None
    est_delivery_date: Name | None = None
    updated_at: Name | None = None
    tracking_details: Annotated[list[Any] | None, Field(max_length=MAX_SCANS)] = None


class Event(Wire):
    id: RequiredCode
    description: Name | None = None
    result: Result


def hear(said: Event, zone: ZoneInfo) -> Heard:
    """The details as scans; the newest brings the day of delivery that is expected by now."""
    tracker = said.result
    number = tracker.tracking_code
    if tracker.object != TRACKER or not number:
        return Heard(feed=Feed.EASYPOST, scans={})
    heard = read_each(
        Feed.EASYPOST,
        tracker.tracking_details or [],
        lambda one: _scan(number, TrackingDetail.model_validate(one), zone),
        loc=DETAILS,
    )
    heard, window = with_window(heard, lambda: _window(tracker, zone), loc=("body", "result"))
    if window and tracker.updated_at:
        heard = with_scan(
            heard, lambda: _expectation(tracker, number, window, zone), loc=("body", "result")
        )
    return heard


def _window(tracker: Result, zone: ZoneInfo) -> WindowInput | None:
    return read_window(None, tracker.est_delivery_date, zone, field="est_delivery_date")


def _scan(tracking_number: str, said: TrackingDetail, zone: ZoneInfo) -> ReportedScan:
    where = said.tracking_location or Location()
    place = place_of(where.city, where.state, where.country)
    names = _NAMES.get(said.status or "", {})
    name = names.get(said.status_detail) or names.get("any")
    is_said = said.status_detail in (None, "unknown", "status_update", said.status)
    unsaid = None if name and (said.status_detail in names or is_said) else said.status_detail
    return ReportedScan(
        tracking_number=tracking_number,
        event_name=name or name_for("easypost", said.status),
        event_time=read_moment(said.datetime, zone, field="datetime"),
        external_id=id_of(said.datetime, said.status, said.status_detail, said.message, place),
        location=place,
        additional_info=text_of(said.message or said.description, unsaid and f"({unsaid})"),
    )


def _expectation(
    tracker: Result, tracking_number: str, window: WindowInput, zone: ZoneInfo
) -> ReportedScan:
    """EasyPost tells of another day of delivery by the tracker alone: once for each day."""
    return ReportedScan(
        tracking_number=tracking_number,
        event_name=EXPECTED_DELIVERY_CHANGED,
        event_time=read_moment(tracker.updated_at or "", zone, field="updated_at"),
        external_id=f"expected/{window.end.isoformat()}",
        estimated_arrival=window,
    )
