"""The order's claims, and what was done on them."""

from collections.abc import Sequence
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from claims.models import Claim, ClaimEntry, ClaimMail, EntryKind
from events.models import Event, Source
from portal.claims.history import Told, tell
from portal.timeline.asked import Asked
from portal.timeline.entries import Entry, Kind, Subject, Who
from portal.timeline.facts import who_did

ONE_TRANSACTION = timedelta(seconds=2)
"""Times are those of statements: so far apart may two of one transaction be."""
MOST_EVENTS = 500


def told_claims(subject: Subject, asked: Asked) -> list[Entry]:
    shop = subject.shop
    claims = Claim.objects.of(shop).filter(order_id=subject.order.id)
    if subject.shipment is not None:
        claims = claims.filter(shipment_id=subject.shipment.id)
    rows = ClaimEntry.objects.of(shop).filter(claim_id__in=claims.values("id"), claim__shop=shop)
    if asked.kind is Kind.MAILS:
        rows = rows.filter(kind=EntryKind.ANSWERED)
    entries = asked.take(rows.select_related("claim"), by="created_at")
    ids = [entry.id for entry in entries]
    mails = {mail.entry_id: mail for mail in ClaimMail.objects.of(shop).filter(entry_id__in=ids)}
    callers = _callers(subject, entries)
    return [
        _entry(subject, told, _caller_of(told.entry, callers))
        for told in (tell(entry, mails.get(entry.id)) for entry in entries)
    ]


def _entry(subject: Subject, told: Told, caller: Who | None) -> Entry:
    claim, entry = told.entry.claim, told.entry
    names = {"slug": subject.shop.slug, "claim_id": claim.id}
    is_filing = entry.kind == EntryKind.FILED
    return Entry(
        at=entry.created_at,
        id=entry.id,
        text=told.text if is_filing else _("Claim: %s") % told.text,
        tone=told.tone,
        who=caller or Who(actor=told.who),
        code=claim.reference,
        detail=" ".join([claim.get_reason_display() if is_filing else "", told.note]).strip(),
        said=told.said,
        link="" if claim.deleted_at else reverse("portal:claim", kwargs=names),
    )


def _callers(subject: Subject, entries: Sequence[ClaimEntry]) -> list[Event]:
    """The events that the same transactions recorded, and others of that time."""
    if not entries:
        return []
    times = [entry.created_at for entry in entries]
    events = subject.events().filter(
        source=Source.CLAIMS,
        created_at__range=(min(times) - ONE_TRANSACTION, max(times) + ONE_TRANSACTION),
    )
    return list(events.order_by("-created_at")[:MOST_EVENTS])


def _caller_of(entry: ClaimEntry, events: Sequence[Event]) -> Who | None:
    """An entry names only the actor; the event beside it knows the request."""
    near = [
        event
        for event in events
        if event.event_data["claim_id"] == str(entry.claim_id)
        and event.actor == entry.actor
        and abs(event.created_at - entry.created_at) < ONE_TRANSACTION
    ]
    if not near:
        return None
    return who_did(min(near, key=lambda event: abs(event.created_at - entry.created_at)))
