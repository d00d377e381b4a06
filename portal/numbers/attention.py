"""What in a shop waits for somebody: how many, and where they are."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import CharField, QuerySet, Value
from django.http import Http404, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from claims.models import Claim, ClaimStatus
from common.api.paging import Cursor
from notices.models import Mail, MailState
from portal.access import ShopRequest, shop_page
from portal.columns import usual_columns
from portal.list_filters import PlaceForm
from portal.menu import MOST_COUNTED as MOST_IN_MENU
from portal.models import SavedRoom
from portal.paging import MOST_COUNTED, Sorting, take_page
from portal.shipment_list import shipment_item
from portal.status import Tone
from shipments.arrival.anomalies import (
    failed_shipments,
    late_shipments,
    stalled_shipments,
    unmatched_shipments,
    unscanned_shipments,
)
from shipments.models import ShipmentQuerySet
from shops.models import Membership, Role, Shop
from webhooks.models import Webhook, WebhookStatus

Found = Callable[[Shop, datetime], ShipmentQuerySet]

PARCELS_ROOM = "shop"
"""The room of the menu that parcels which need a look count for: Home."""
NEWEST = Sorting(by="created_at")
MAILS_WAIT_FOR = timedelta(days=7)
"""Of those that failed longer ago nobody is told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """How much waits: a parcel counts in each of its kinds, and once in its room."""

    of_room: Mapping[str, int]
    """By the key of the room in the menu."""
    of_kind: Counter[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of what needs attention."""

    count: int
    words: str
    url: str
    advice: str
    tone: Tone = Tone.ATTENTION

    @property
    def is_more_than_counted(self) -> bool:
        return self.count > MOST_COUNTED


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    lines: list[Line]
    parcels: int
    """As beside the room in the menu: each once, in however many lines it is."""
    is_any_twice: bool
    """Some parcel is in more than one line."""

    @property
    def is_more_than_counted(self) -> bool:
        return self.parcels > MOST_COUNTED


@dataclass(frozen=True, kw_only=True, slots=True)
class Anomaly:
    """A kind of parcels that need a look (docs/arrival.md)."""

    found: Found
    title: Any
    about: Any
    advice: Any
    """What to do."""
    line: Callable[[int], str]
    tone: Tone = Tone.ATTENTION


ANOMALIES: dict[str, Anomaly] = {
    "late": Anomaly(
        found=late_shipments,
        title=_("Past their window"),
        about=_("Still on their way, though the window in which they were expected has passed."),
        advice=_("Tell the customers, and ask the carrier where the parcels are."),
        line=lambda count: ngettext(
            "parcel is past its window", "parcels are past their window", count
        ),
    ),
    "stalled": Anomaly(
        found=stalled_shipments,
        title=_("Not moving"),
        about=_("On their way, and not scanned again for three business days."),
        advice=_("Have the carrier search before your customers ask."),
        line=lambda count: ngettext("parcel does not move", "parcels do not move", count),
    ),
    "unscanned": Anomaly(
        found=unscanned_shipments,
        title=_("Never scanned"),
        about=_("Sent two business days ago or earlier, and never scanned by a carrier."),
        advice=_("Check whether they were handed over, and whether the numbers are right."),
        line=lambda count: ngettext(
            "parcel was never scanned", "parcels were never scanned", count
        ),
    ),
    "failed": Anomaly(
        found=failed_shipments,
        title=_("Failed"),
        about=_("Given up by their carrier in the last 30 days: lost, damaged, not deliverable."),
        advice=_("Send the goods again, or pay the customers back."),
        line=lambda count: ngettext("parcel has failed", "parcels have failed", count),
        tone=Tone.FAILED,
    ),
    "unmatched": Anomaly(
        found=unmatched_shipments,
        title=_("Carrier not known"),
        about=_("On their way, with a tracking number that fits no carrier, or several."),
        advice=_("Open each one and choose its carrier: without, nothing is heard of it."),
        line=lambda count: ngettext(
            "parcel has no known carrier", "parcels have no known carrier", count
        ),
    ),
}


def count_waiting(member: Membership, *, most: int = MOST_IN_MENU) -> Counted:
    """How much this member could look after, in one query; of each kind `most` and one at most."""
    shop, now = member.shop, timezone.now()
    waiting: list[tuple[str, str, QuerySet[Any]]] = [
        (PARCELS_ROOM, kind, anomaly.found(shop, now)) for kind, anomaly in ANOMALIES.items()
    ]
    waiting.append(("claims", "claims", _pending_claims(shop)))
    if Role(member.role).includes(Role.EDITOR):
        waiting.append(("mails", "mails", _failed_mails(shop, now)))
    if member.role == Role.ADMIN:
        waiting.append(("webhooks", "webhooks", _failing_webhooks(shop)))
    found = [
        rows.order_by()
        .annotate(
            room=Value(room, output_field=CharField()), kind=Value(kind, output_field=CharField())
        )
        .values_list("room", "kind", "id")[: most + 1]
        for room, kind, rows in waiting
    ]
    of_room: dict[str, set[UUID]] = defaultdict(set)
    of_kind: Counter[str] = Counter()
    for room, kind, row_id in found[0].union(*found[1:], all=True):
        of_room[room].add(row_id)
        of_kind[kind] += 1
    return Counted(of_room={room: len(ids) for room, ids in of_room.items()}, of_kind=of_kind)


def what_waits(member: Membership) -> Waiting:
    """The same count as in the menu, line by line, without what there is none of."""
    counted = count_waiting(member, most=MOST_COUNTED)
    lines = [_parcels(member.shop, kind, counted.of_kind[kind]) for kind in ANOMALIES]
    lines += [
        line(member.shop, counted.of_kind[kind])
        for kind, line in (("claims", _claims), ("webhooks", _webhooks), ("mails", _mails))
    ]
    return Waiting(
        lines=[line for line in lines if line.count],
        parcels=counted.of_room.get(PARCELS_ROOM, 0),
        is_any_twice=sum(counted.of_kind[kind] for kind in ANOMALIES)
        > counted.of_room.get(PARCELS_ROOM, 0),
    )


@require_safe
@shop_page()
def attention_list(request: ShopRequest, shop: Shop, kind: str) -> HttpResponse:
    """The parcels of one kind, newest first."""
    anomaly = ANOMALIES.get(kind)
    if anomaly is None:
        raise Http404("There is no such kind.")
    place = PlaceForm(request.GET)
    found = anomaly.found(shop, timezone.now())
    if not place.is_valid():
        found = found.none()
    page = take_page(
        found.with_order().select_related("order"),
        NEWEST,
        after=_place(place, "after"),
        before=_place(place, "before"),
    )
    context = {
        "kind": kind,
        "anomaly": anomaly,
        "columns": usual_columns(SavedRoom.SHIPMENTS),
        "page": page,
        "items": [shipment_item(shipment) for shipment in page.rows],
    }
    return render(request, "portal/numbers/attention.html", context)


def _place(form: PlaceForm, name: str) -> Cursor | None:
    return form.cleaned_data.get(name) if form.is_valid() else None


def _parcels(shop: Shop, kind: str, count: int) -> Line:
    anomaly = ANOMALIES[kind]
    return Line(
        count=count,
        words=anomaly.line(count),
        url=resolve_url("portal:attention", slug=shop.slug, kind=kind),
        advice=str(anomaly.advice),
        tone=anomaly.tone,
    )


def _claims(shop: Shop, count: int) -> Line:
    return Line(
        count=count,
        words=ngettext("claim waits for a decision", "claims wait for a decision", count),
        url=f"{resolve_url('portal:claims', slug=shop.slug)}?status={ClaimStatus.PENDING.value}",
        advice=gettext("Accept or reject each; rules can decide what is always the same."),
    )


def _webhooks(shop: Shop, count: int) -> Line:
    return Line(
        count=count,
        words=ngettext("webhook is failing", "webhooks are failing", count),
        url=resolve_url("portal:webhooks", slug=shop.slug),
        advice=gettext("See what the receiver answers, mend it, and send again what was lost."),
        tone=Tone.FAILED,
    )


def _mails(shop: Shop, count: int) -> Line:
    return Line(
        count=count,
        words=ngettext("mail could not be sent", "mails could not be sent", count),
        url=f"{resolve_url('portal:mails', slug=shop.slug)}?state={MailState.FAILED.value}",
        advice=gettext("See what the mail server said, mend the address, and send them again."),
        tone=Tone.FAILED,
    )


def _pending_claims(shop: Shop) -> QuerySet[Claim]:
    return Claim.objects.of(shop).kept().filter(status=ClaimStatus.PENDING)


def _failing_webhooks(shop: Shop) -> QuerySet[Webhook]:
    return Webhook.objects.of(shop).filter(status=WebhookStatus.ACTIVE, failing_since__isnull=False)


def _failed_mails(shop: Shop, now: datetime) -> QuerySet[Mail]:
    lately = now - MAILS_WAIT_FOR
    return Mail.objects.of(shop).filter(state=MailState.FAILED, created_at__gte=lately)
