"""Where scans come from: every feed brings what it heard in this one form, and is taken in here.

The shop itself (the events endpoint), an aggregator's webhook, a carrier that is asked, the journey
simulator: each makes a `Heard`, and knows nothing of phases, locks or duplicates. How to add one
is in docs/feeds.md.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import islice
from typing import Any

import orjson
from pydantic import ValidationError

from common.errors import DomainError, Fault, Invalid, Loc
from common.wire import faults_of
from shipments.models import Feed
from shipments.scans.inputs import MAX_SCANS, ReportedScan, WindowInput
from shipments.scans.record import Results, record_scans
from shops.models import Shop


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What a feed brings in one go; each scan says by its tracking number or id what it is of."""

    feed: Feed
    scans: Mapping[int, ReportedScan]
    refused: Mapping[int, DomainError] = field(default_factory=dict)
    """What could not be read, by its index among all."""


def take_in(shop: Shop, heard: Heard) -> Results:
    """What became of each, by its index; a bad one costs only itself.

    The same again changes nothing: scans are told apart by their `external_id`.
    """
    results: Results = dict(heard.refused)
    items = iter(heard.scans.items())
    while part := dict(islice(items, MAX_SCANS)):
        results |= record_scans(shop, part, feed=heard.feed)
    return dict(sorted(results.items()))


def read_each(
    feed: Feed, said: Sequence[Any], read: Callable[[Any], ReportedScan], *, loc: Loc
) -> Heard:
    """`said` read one by one; `loc` is the path to it, for the faults of those that cannot be."""
    scans: dict[int, ReportedScan] = {}
    refused: dict[int, DomainError] = {}
    for index, one in enumerate(said):
        try:
            scans[index] = _read(read, one)
        except Invalid as refusal:
            refused[index] = refusal.below(*loc, index)
    return Heard(feed=feed, scans=scans, refused=refused)


def _read(read: Callable[..., ReportedScan], *said: Any) -> ReportedScan:
    """Raises `Invalid` whoever finds something wrong, the feed or the scan's own model."""
    try:
        return read(*said)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        raise Invalid(found[0]["msg"], faults_of(found)) from None


def invalid(name: str, message: str) -> Invalid:
    """The refusal of one field of what a feed said."""
    return Invalid(message, [Fault(loc=(name,), msg=message, type="value_error")])


def id_of(*parts: object) -> str:
    """An id for what its sender gave none: the same content has the same one, sent again or not."""
    return sha256(orjson.dumps(parts, default=str)).hexdigest()[:32]


def with_window(
    heard: Heard, read: Callable[[], WindowInput | None], *, loc: Loc
) -> tuple[Heard, WindowInput | None]:
    """The newest of the scans brings the window in which the parcel is expected.

    One that cannot be read, at `loc`, is refused like a scan, and costs none.
    """
    try:
        window = read()
    except Invalid as refusal:
        refused = {**heard.refused, _next_index(heard): refusal.below(*loc)}
        return replace(heard, refused=refused), None
    if window is None or not heard.scans:
        return heard, None
    newest = max(heard.scans, key=lambda index: (heard.scans[index].event_time, index))
    scan = heard.scans[newest].model_copy(update={"estimated_arrival": window})
    return replace(heard, scans={**heard.scans, newest: scan}), window


def with_scan(heard: Heard, read: Callable[[], ReportedScan], *, loc: Loc) -> Heard:
    """And one more, behind all others; one that cannot be read, at `loc`, costs only itself."""
    index = _next_index(heard)
    try:
        return replace(heard, scans={**heard.scans, index: _read(read)})
    except Invalid as refusal:
        return replace(heard, refused={**heard.refused, index: refusal.below(*loc)})


def _next_index(heard: Heard) -> int:
    return max([*heard.scans, *heard.refused], default=-1) + 1
