"""What in a shop waits for somebody: how many, and where they are."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

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
from portal.menu import has_room
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

NEWEST = Sorting(by="created_at")
MAILS_WAIT_FOR = timedelta(days=7)
"""Of those that failed longer ago nobody is told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
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
        advice=_("Have the carrier look for them before your customers ask."),
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


def waiting_by_room(member: Membership) -> Counter[str]:
    """How much waits in each room of the menu, in one query; a parcel once, whatever it has."""
    shop, now = member.shop, timezone.now()
    waiting: list[tuple[str, QuerySet[Any]]] = [
        ("shop", anomaly.found(shop, now)) for anomaly in ANOMALIES.values()
    ]
    waiting.append(("claims", _pending_claims(shop)))
    if Role(member.role).includes(Role.EDITOR):
        waiting.append(("mails", _failed_mails(shop, now)))
    if member.role == Role.ADMIN:
        waiting.append(("webhooks", _failing_webhooks(shop)))
    found = [
        rows.order_by()
        .annotate(room=Value(room, output_field=CharField()))
        .values_list("room", "id")[: MOST_IN_MENU + 1]
        for room, rows in waiting
    ]
    return Counter(room for room, _id in found[0].union(*found[1:]))


def what_waits(member: Membership) -> list[Waiting]:
    """What this member could look after, without what there is none of."""
    shop, now = member.shop, timezone.now()
    lines = [_parcels(shop, kind, anomaly, now) for kind, anomaly in ANOMALIES.items()]
    if has_room("claims"):
        lines.append(_claims(shop))
    if member.role == Role.ADMIN:
        lines.append(_webhooks(shop))
    if Role(member.role).includes(Role.EDITOR):
        lines.append(_mails(shop, now))
    return [line for line in lines if line.count]


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


def _parcels(shop: Shop, kind: str, anomaly: Anomaly, now: datetime) -> Waiting:
    count = anomaly.found(shop, now).order_by()[: MOST_COUNTED + 1].count()
    return Waiting(
        count=count,
        words=anomaly.line(count),
        url=resolve_url("portal:attention", slug=shop.slug, kind=kind),
        advice=str(anomaly.advice),
        tone=anomaly.tone,
    )


def _claims(shop: Shop) -> Waiting:
    count = _pending_claims(shop)[: MOST_COUNTED + 1].count()
    return Waiting(
        count=count,
        words=ngettext("claim waits for a decision", "claims wait for a decision", count),
        url=f"{resolve_url('portal:claims', slug=shop.slug)}?status={ClaimStatus.PENDING.value}",
        advice=gettext("Accept or reject each; rules can decide what is always the same."),
    )


def _pending_claims(shop: Shop) -> QuerySet[Claim]:
    return Claim.objects.of(shop).kept().filter(status=ClaimStatus.PENDING)


def _failing_webhooks(shop: Shop) -> QuerySet[Webhook]:
    return Webhook.objects.of(shop).filter(status=WebhookStatus.ACTIVE, failing_since__isnull=False)


def _webhooks(shop: Shop) -> Waiting:
    count = _failing_webhooks(shop).count()
    return Waiting(
        count=count,
        words=ngettext("webhook is failing", "webhooks are failing", count),
        url=resolve_url("portal:webhooks", slug=shop.slug),
        advice=gettext("See what the receiver answers, mend it, and send again what was lost."),
        tone=Tone.FAILED,
    )


def _failed_mails(shop: Shop, now: datetime) -> QuerySet[Mail]:
    lately = now - MAILS_WAIT_FOR
    return Mail.objects.of(shop).filter(state=MailState.FAILED, created_at__gte=lately)


def _mails(shop: Shop, now: datetime) -> Waiting:
    count = _failed_mails(shop, now)[: MOST_COUNTED + 1].count()
    return Waiting(
        count=count,
        words=ngettext("mail could not be sent", "mails could not be sent", count),
        url=f"{resolve_url('portal:mails', slug=shop.slug)}?state={MailState.FAILED.value}",
        advice=gettext("See what the mail server said, mend the address, and send them again."),
        tone=Tone.FAILED,
    )
