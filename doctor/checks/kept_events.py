"""Of which rows every event is kept: events go by the month (`events.retention`)."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from common.partitions import first_id_at, kept_from, moment_of
from events.retention import EVENTS

CLOCKS = timedelta(days=1)
"""By which those of two machines may differ."""


def events_kept_from() -> Mapping[str, UUID]:
    """The first id of such rows, as a value for statements."""
    return {"kept_from": first_id_at(moment_of(kept_from(EVENTS)) + CLOCKS)}
