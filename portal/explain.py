"""Why a parcel's page says what it says: when it arrives, by whom, and what its phase follows."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from common.dates import format_date, format_datetime
from portal.templatetags.moments import current_locale
from shipments.carriers import carrier_name
from shipments.catalogue.texts import event_strings
from shipments.models import ArrivalSource, Effect, Scan, Shipment
from shipments.phases import ON_THEIR_WAY, Phase
from shops.models import Shop


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """When a parcel is expected, in the zone of the page."""

    words: str
    """“Arrives Tue 3 March, 10–14”, “Expected 3–5 March”."""
    by: str
    """Who says so."""
    promise: str = ""
    """What was said at first, where it was something else."""
    is_late: bool = False


@dataclass(frozen=True, kw_only=True)
class Reported:
    """The scans of one shipment: the newest one, and how many there are by what they did."""

    newest: Scan | None = None
    effects: Counter[str] = field(default_factory=Counter)


def reported_scans(shop: Shop, shipments: Collection[Shipment]) -> dict[UUID, Reported]:
    """Of each of the shipments that has any: two queries, however many shipments and scans."""
    scans = Scan.objects.of(shop).filter(shipment_id__in=[shipment.id for shipment in shipments])
    effects: dict[UUID, Counter[str]] = defaultdict(Counter)
    counted = scans.order_by().values_list("shipment_id", "effect").annotate(count=Count("id"))
    for shipment_id, effect, count in counted:
        effects[shipment_id][effect] = count
    ids = [shipment.phase_scan_id for shipment in shipments if shipment.phase_scan_id]
    newest = {scan.shipment_id: scan for scan in scans.filter(id__in=ids)}
    return {
        shipment_id: Reported(newest=newest.get(shipment_id), effects=counts)
        for shipment_id, counts in effects.items()
    }


def explain_arrival(shipment: Shipment) -> Arrival | None:
    """None for drafts, and where nobody said anything yet, or the parcel has arrived."""
    start, end = shipment.arrival_start, shipment.arrival_end
    if start is None or end is None or shipment.phase not in ON_THEIR_WAY:
        return _kept_promise(shipment)
    window = window_words(start, end)
    is_late = end < timezone.now() and shipment.arrival_source != ArrivalSource.USUAL
    return Arrival(
        words=_beginning(shipment, start, end, is_late=is_late) % {"window": window},
        by=_by_whom(shipment),
        promise=_promise(shipment, besides=window),
        is_late=is_late,
    )


def explain_phase(shipment: Shipment, reported: Reported) -> str:
    """“Delivered, by scan “Successfully delivered” of 2 March, 14:03; 2 late scans ignored”."""
    phase = Phase(shipment.phase)
    scan, effects = reported.newest, reported.effects
    if shipment.is_draft:
        return ""
    if scan is None:
        said = _("%(phase)s: the shop sent its tracking number, no carrier has scanned it yet")
        words = said % {"phase": phase.label}
    else:
        label = event_strings(scan.event_name, Phase(scan.phase), get_language() or "en")
        words = _("%(phase)s, by scan “%(scan)s” of %(at)s") % {
            "phase": phase.label,
            "scan": label["list_label"],
            "at": _day_and_time(scan.event_time),
        }
    late, twice = effects[Effect.LATE], effects[Effect.DUPLICATE]
    ignored = []
    if late:
        ignored.append(
            ngettext("%(n)d late scan ignored", "%(n)d late scans ignored", late) % {"n": late}
        )
    if twice:
        ignored.append(
            ngettext("%(n)d repeated scan ignored", "%(n)d repeated scans ignored", twice)
            % {"n": twice}
        )
    return "; ".join([words, *ignored]) + "."


def window_words(start: datetime, end: datetime) -> str:
    """“Tue 3 March, 10–14”, “3–5 March”, “30 March – 2 April”; with the year in another one."""
    first, last = timezone.localtime(start), timezone.localtime(end)
    if first.date() == last.date():
        return f"{_day(first, 'EEE d MMMM')}, {_clock(first)}–{_clock(last)}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{_day(last, 'd MMMM')}"
    return f"{_day(first, 'd MMMM')} – {_day(last, 'd MMMM')}"


def _beginning(shipment: Shipment, start: datetime, end: datetime, *, is_late: bool) -> str:
    if is_late:
        return _("Was expected %(window)s")
    if shipment.arrival_source == ArrivalSource.USUAL:
        return _("Usually arrives %(window)s")
    if timezone.localtime(start).date() == timezone.localtime(end).date():
        return _("Arrives %(window)s")
    return _("Expected %(window)s")


def _by_whom(shipment: Shipment) -> str:
    if shipment.is_test:
        return _("as the story of this test goes")
    if shipment.arrival_source == ArrivalSource.CARRIER:
        name = carrier_name(shipment.carrier_reference)
        return _("as %(carrier)s says") % {"carrier": name or _("the carrier")}
    if shipment.arrival_source == ArrivalSource.HISTORY:
        return _("by the shop’s earlier deliveries; 8 in 10 arrive in such a window")
    return _("the shop has too few deliveries yet to say more")


def _promise(shipment: Shipment, *, besides: str) -> str:
    if shipment.promised_start is None or shipment.promised_end is None:
        return ""
    promised = window_words(shipment.promised_start, shipment.promised_end)
    return "" if promised == besides else _("first promised for %(window)s") % {"window": promised}


def _kept_promise(shipment: Shipment) -> Arrival | None:
    """Of a parcel that was delivered: what had been promised, and whether it held."""
    promised_end, delivered_at = shipment.promised_end, shipment.delivered_at
    if promised_end is None or delivered_at is None or shipment.phase != Phase.DELIVERED:
        return None
    is_late = delivered_at > promised_end
    window = window_words(shipment.promised_start or promised_end, promised_end)
    words = _("Promised for %(window)s") % {"window": window}
    return Arrival(words=words, by=_("arrived later") if is_late else _("kept"), is_late=is_late)


def _day(at: datetime, pattern: str) -> str:
    is_this_year = at.year == timezone.localtime().year
    return format_date(at, pattern if is_this_year else f"{pattern} y", locale=current_locale())


def _clock(at: datetime) -> str:
    return f"{at:%H}" if at.minute == 0 else f"{at:%H:%M}"


def _day_and_time(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{_day(local, 'd MMMM')}, {format_datetime(local, 'HH:mm', locale=current_locale())}"
