"""Reading what feeds of all kinds write: times, days of delivery, names of their own."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from shipments.feeds.heard import invalid
from shipments.scans.inputs import WindowInput

LONGEST_NAME = 64
LONGEST_PLACE = 255
LONGEST_TEXT = 2_000
EXPECTED_DELIVERY_CHANGED = "EXPECTED_DELIVERY_CHANGED"
"""No name of the catalogue, so it moves no parcel: only the window in which it is expected."""
MIDNIGHT = re.compile(r"T00:00(:00(\.0+)?)?(Z|[+-]00:?00)?\Z")


def read_moment(said: str, zone: ZoneInfo, *, field: str) -> datetime:
    """A time by ISO 8601; without a zone of its own it is the local time of `zone`.

    Raises `Invalid`, which names `field`.
    """
    try:
        moment = datetime.fromisoformat(said.strip())
    except ValueError:
        raise invalid(field, f"“{said[:40]}” is no time in the form of ISO 8601") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def read_window(
    start: str | None, end: str | None, zone: ZoneInfo, *, field: str
) -> WindowInput | None:
    """When a parcel is expected; what is missing is taken from the day that is there.

    A day alone, also one written as its midnight, is that whole day in `zone`; a single time is the
    day until then. Raises `Invalid`, which names `field`.
    """
    last = (end or start or "").strip()
    if not last:
        return None
    try:
        until = _end_of_day(last, zone) if _is_day(last) else read_moment(last, zone, field=field)
        first = (start or last).strip()
        is_exact = start and end and not _is_day(first)
        since = read_moment(first if is_exact else first[:10], zone, field=field)
        return WindowInput(start=since, end=until)
    except ValidationError as error:
        raise invalid(field, error.errors()[0]["msg"]) from None
    except (ValueError, OverflowError):
        raise invalid(field, f"“{last[:40]}” is no day of delivery") from None


def _is_day(said: str) -> bool:
    return len(said) <= len("2026-03-02") or MIDNIGHT.search(said) is not None


def _end_of_day(said: str, zone: ZoneInfo) -> datetime:
    next_day = date.fromisoformat(said[:10]) + timedelta(days=1)
    return datetime.combine(next_day, time(), zone) - timedelta(seconds=1)


def name_for(*words: str | None) -> str:
    """A name of the feed's own, for what the catalogue has none for: “AFTERSHIP_PENDING”."""
    said = "_".join(word for word in words if word)
    return re.sub(r"[^A-Za-z0-9]+", "_", said).strip("_").upper()[:LONGEST_NAME] or "UNKNOWN"


def place_of(*parts: str | None) -> str | None:
    """City, region and country as one line."""
    said = dict.fromkeys(part.strip() for part in parts if part and part.strip())
    return ", ".join(said)[:LONGEST_PLACE] or None


def text_of(*parts: str | None) -> str | None:
    return " ".join(part.strip() for part in parts if part and part.strip())[:LONGEST_TEXT] or None
