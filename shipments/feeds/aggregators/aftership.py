"""AfterShip: each delivery is one tracking with all of its checkpoints.

https://www.aftership.com/docs/tracking/webhook/webhook-specifications
"""

import re
import tomllib
from datetime import UTC, datetime
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

CHECKPOINTS = ("body", "msg", "checkpoints")
_NAMES = tomllib.loads(Path(__file__).with_name("aftership.toml").read_text(encoding="utf-8"))


class Checkpoint(Wire):
    checkpoint_time: RequiredName
    tag: Name | None = None
    subtag: Name | None = None
    message: Text | None = None
    location: Name | None = None
    city: Name | None = None
    state: Name | None = None
    country_name: Name | None = None
    country_iso3: Name | None = None
    hash: Code | None = None


class Estimate(Wire):
    """`datetime` for a single day or time, the other two for a span of them."""

    at: Annotated[Name | None, Field(alias="datetime")] = None
    datetime_min: Name | None = None
    datetime_max: Name | None = None


class Tracking(Wire):
    tracking_number: RequiredCode
    tag: Name | None = None
    expected_delivery: Name | None = None
    latest_estimated_delivery: Estimate | None = None
    checkpoints: Annotated[list[Any] | None, Field(max_length=MAX_SCANS)] = None


class TrackingUpdate(Wire):
    event: Name | None = None
    event_id: Code | None = None
    ts: Code | None = None
    msg: Tracking

    @property
    def happened_at(self) -> datetime | None:
        """`ts`, in seconds since 1970."""
        if not re.fullmatch(r"\d{1,10}", self.ts or ""):
            return None
        return datetime.fromtimestamp(int(self.ts or 0), UTC)


def hear(said: TrackingUpdate, zone: ZoneInfo) -> Heard:
    """The checkpoints as scans; the newest brings the day of delivery that is expected by now."""
    tracking = said.msg
    heard = read_each(
        Feed.AFTERSHIP,
        tracking.checkpoints or [],
        lambda one: _scan(tracking.tracking_number, Checkpoint.model_validate(one), zone),
        loc=CHECKPOINTS,
    )
    heard, window = with_window(heard, lambda: _window(tracking, zone), loc=("body", "msg"))
    at = said.happened_at
    if said.event == "edd_revise" and window and said.event_id and at:
        heard = with_scan(heard, lambda: _revision(said, window, at=at), loc=("body",))
    return heard


def _scan(tracking_number: str, said: Checkpoint, zone: ZoneInfo) -> ReportedScan:
    place = place_of(said.location or said.city, said.state, said.country_name or said.country_iso3)
    name = _NAMES["subtags"].get(said.subtag) or _NAMES["tags"].get(said.tag)
    # What the name does not say is kept beside it: a status nobody knew here is lost nowhere.
    unsaid = f"({said.subtag or said.tag})" if said.subtag not in _NAMES["subtags"] else None
    return ReportedScan(
        tracking_number=tracking_number,
        event_name=name or name_for("aftership", said.subtag or said.tag),
        event_time=read_moment(said.checkpoint_time, zone, field="checkpoint_time"),
        external_id=said.hash
        or id_of(said.checkpoint_time, said.tag, said.subtag, said.message, place),
        location=place,
        additional_info=text_of(said.message, unsaid if said.subtag or said.tag else None),
    )


def _window(said: Tracking, zone: ZoneInfo) -> WindowInput | None:
    estimate = said.latest_estimated_delivery
    if estimate is not None:
        start, end = estimate.datetime_min, estimate.datetime_max or estimate.at
        return read_window(start, end, zone, field="latest_estimated_delivery")
    return read_window(None, said.expected_delivery, zone, field="expected_delivery")


def _revision(said: TrackingUpdate, window: WindowInput, *, at: datetime) -> ReportedScan:
    """Another day of delivery, with no checkpoint that says so."""
    return ReportedScan(
        tracking_number=said.msg.tracking_number,
        event_name=EXPECTED_DELIVERY_CHANGED,
        event_time=at,
        external_id=said.event_id or "",
        estimated_arrival=window,
    )
