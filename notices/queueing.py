"""From facts to mails: queued with the webhooks' deliveries, in one transaction, each once.

A fact that nobody is to hear of costs nothing but the question whether there are notices at all.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from common.ids import new_id
from common.rows import insert_new_rows
from events.relay import CommittedFact
from notices.groups import NOTICE_GROUPS, About, groups_of
from notices.models import Audience, Mail, Notice
from notices.recipients import staff_addresses
from orders.models import Order
from shops.models import Shop

Wish = tuple[CommittedFact, Notice]


def queue_mails(shop: Shop, facts: Sequence[CommittedFact]) -> int:
    """Queue what the shop's notices say of the facts, unless it is queued already; how many.

    In the caller's transaction. The facts are fresh: old news was taken out (`webhooks.dispatch`).
    """
    notices = list(Notice.objects.of(shop).switched_on()) if facts else []
    if not notices:
        return 0
    by_group: dict[Audience, dict[str, Notice]] = {audience: {} for audience in Audience}
    for notice in notices:
        by_group[Audience(notice.audience)][notice.event_group] = notice
    wishes = [
        (fact, wanted)
        for fact in facts
        for known in by_group.values()
        if (wanted := _notice_for(fact, known))
    ]
    rows = list(_rows(shop, wishes)) if wishes else []
    return insert_new_rows(Mail, rows).count if rows else 0


def _notice_for(fact: CommittedFact, known: Mapping[str, Notice]) -> Notice | None:
    """The one for the event's own group, else for a more general one, if it was on by then."""
    for group in groups_of(fact.ref, fact.event_group):
        notice = known.get(group)
        if notice and notice.on_since and notice.on_since <= fact.committed_at:
            return notice
    return None


def _rows(shop: Shop, wishes: Sequence[Wish]) -> Iterator[dict[str, Any]]:
    order_ids = {fact.order_id for fact, _ in wishes if fact.order_id}
    known = Order.objects.of(shop).filter(id__in=order_ids)
    orders = {row[0]: row[1:] for row in known.values_list("id", "email_id", "is_test")}
    is_for_staff = any(notice.audience == Audience.STAFF for _, notice in wishes)
    staff = staff_addresses(shop) if is_for_staff else []
    for fact, notice in wishes:
        email, is_test = orders.get(fact.order_id or fact.id, ("", False))
        if notice.audience == Audience.STAFF:
            recipients = staff
        elif is_test or not email.strip():
            recipients = []
        else:
            recipients = [email.strip()]
        for recipient in recipients:
            yield {
                "id": new_id(),
                "shop_id": shop.id,
                "audience": notice.audience,
                "event_group": notice.event_group,
                "about_id": _about(fact, NOTICE_GROUPS[notice.event_group].about),
                "event_id": fact.id,
                "request_id": fact.request_id,
                "order_id": fact.order_id,
                "shipment_id": fact.shipment_id,
                "recipient": recipient,
            }


def _about(fact: CommittedFact, about: About) -> UUID:
    """What there is to be one mail about: the shipment; else the order; of a claim, each state."""
    if about is About.CLAIM:
        claim_id = _uuid(fact.event_data.get("claim_id")) or fact.id
        return uuid5(claim_id, str(fact.event_data.get("status")))
    if about is About.SHIPMENT and fact.shipment_id:
        return fact.shipment_id
    return fact.order_id or fact.id


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
