"""A page of a timeline: what all sources tell, by time, under the days on which it happened."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from django.utils import timezone

from common.api.paging import Cursor
from portal.timeline.asked import PER_PAGE, Asked
from portal.timeline.campaign import told_attribution
from portal.timeline.claims import told_claims
from portal.timeline.customers import told_ratings, told_visits
from portal.timeline.deliveries import told_deliveries
from portal.timeline.entries import Entry, Kind, Subject, Who
from portal.timeline.facts import told_facts
from portal.timeline.mails import told_mails
from portal.timeline.scans import told_scans

Source = Callable[[Subject, Asked], list[Entry]]

SOURCES: dict[Kind, tuple[Source, ...]] = {
    Kind.CARRIER: (told_facts, told_scans),
    Kind.API: (told_facts,),
    Kind.PEOPLE: (told_facts,),
    Kind.WEBHOOKS: (told_deliveries,),
    Kind.MAILS: (told_mails, told_claims),
    Kind.CLAIMS: (told_claims,),
    Kind.CUSTOMER: (told_ratings, told_visits),
    Kind.CAMPAIGN: (told_attribution,),
}
ALL_SOURCES = tuple(dict.fromkeys(source for of_kind in SOURCES.values() for source in of_kind))

OF_ORDERS_ONLY = {Kind.CARRIER, Kind.CAMPAIGN}


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What one request did at one time."""

    at: datetime
    who: Who
    entries: list[Entry]


@dataclass(frozen=True, kw_only=True)
class Day:
    on: date
    moments: list[Moment]


@dataclass(frozen=True, kw_only=True)
class Timeline:
    asked: Asked
    kinds: list[Kind]
    """What it can be narrowed to."""
    is_of_order: bool
    """Off: of one parcel."""
    days: list[Day] = field(default_factory=list)
    next: str = ""
    """The place of the page that follows, if there is one."""


def timeline_page(subject: Subject, asked: Asked) -> Timeline:
    """As many queries for a long story as for a short one."""
    is_of_order = subject.shipment is None
    kinds = [kind for kind in Kind if is_of_order or kind not in OF_ORDERS_ONLY]
    if not asked.makes_sense:
        return Timeline(asked=asked, kinds=kinds, is_of_order=is_of_order)
    sources = ALL_SOURCES if asked.kind is None else SOURCES[asked.kind]
    entries = [entry for source in sources for entry in source(subject, asked)]
    entries.sort(key=lambda entry: (entry.at, entry.id), reverse=not asked.is_oldest_first)
    shown = entries[:PER_PAGE]
    has_more = len(entries) > PER_PAGE
    return Timeline(
        asked=asked,
        kinds=kinds,
        is_of_order=is_of_order,
        days=_by_day(shown),
        next=Cursor(shown[-1].at, shown[-1].id).encode() if has_more else "",
    )


def _by_day(entries: Iterable[Entry]) -> list[Day]:
    return [
        Day(
            on=on,
            moments=[
                Moment(at=at, who=who, entries=list(together))
                for (at, who), together in groupby(of_day, key=lambda entry: (entry.at, entry.who))
            ],
        )
        for on, of_day in groupby(entries, key=lambda entry: timezone.localtime(entry.at).date())
    ]
