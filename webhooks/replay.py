"""Sending the events of a window (again) to one webhook: previewed, then worked off in batches."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import (
    BooleanField,
    Case,
    DateTimeField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from common.ids import new_id
from common.rows import insert_new_rows
from common.trace import current_trace
from events.models import Event, Source
from events.nudge import nudge
from events.relay import CommittedFact
from shops.models import Shop
from webhooks.dispatch import queue_messages
from webhooks.errors import DeliveryInactive
from webhooks.models import Delivery, DeliveryState, Message, Replay, ReplayState, Webhook
from webhooks.subscriptions import EVERYTHING, wanted_condition

BATCH = 200
SAMPLE = 10


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Events from `start` until before `end` that the webhook wants, and `events` too."""

    start: datetime
    end: datetime
    events: Sequence[str] = field(default=(EVERYTHING,))
    only_undelivered: bool = True


@dataclass(frozen=True, kw_only=True)
class Preview:
    count: int
    """Deliveries that a replay would send now."""
    new: int
    """Of them, those of events that the webhook was not told of yet."""
    first_at: datetime | None
    last_at: datetime | None
    sample: list[Event]
    """The first few."""


def preview_replay(webhook: Webhook, selection: Selection) -> Preview:
    events = selected_events(webhook, selection)
    newest = events.order_by("-created_at", "-id").values_list("created_at", flat=True)
    sample = list(events.order_by("created_at", "id")[:SAMPLE])
    return Preview(
        count=events.count(),
        new=events.exclude(Exists(_deliveries(webhook))).count(),
        first_at=sample[0].created_at if sample else None,
        last_at=newest.first(),
        sample=sample,
    )


def start_replay(webhook: Webhook, selection: Selection) -> Replay:
    """The worker does it, so that a request does not wait for a hundred thousand events."""
    if not webhook.is_active:
        raise DeliveryInactive(_("The webhook is inactive; activate it first."))
    with transaction.atomic():
        replay = Replay.objects.create(
            shop_id=webhook.shop_id,
            webhook=webhook,
            start=selection.start,
            end=selection.end,
            events=list(selection.events),
            only_undelivered=selection.only_undelivered,
            actor=current_trace().actor,
        )
        transaction.on_commit(nudge)
    return Replay.objects.filter(shop_id=webhook.shop_id).get(id=replay.id)


def selected_events(webhook: Webhook, selection: Selection) -> QuerySet[Event]:
    events: QuerySet[Event] = Event.objects.filter(
        wanted_condition(webhook.enabled_events),
        wanted_condition(selection.events),
        shop_id=webhook.shop_id,
        created_at__gte=selection.start,
        created_at__lt=selection.end,
    )
    events = events.filter(_is_fresh(webhook.shop))
    if selection.only_undelivered:
        arrived = _deliveries(webhook).filter(state=DeliveryState.SUCCEEDED)
        events = events.exclude(Exists(arrived))
    return events


def run_replays() -> int:
    """A batch of each replay that runs; how many deliveries. A replay of which nothing is left
    ends."""
    running = Replay.objects.filter(state=ReplayState.RUNNING).values_list("shop_id", "id")
    return sum(_run_batch(shop_id, replay_id) for shop_id, replay_id in running)


@transaction.atomic
def _run_batch(shop_id: UUID, replay_id: UUID) -> int:
    rows = Replay.objects.filter(shop_id=shop_id, id=replay_id, state=ReplayState.RUNNING)
    replay = (
        rows.select_for_update(of=("self",), skip_locked=True).select_related("webhook").first()
    )
    if replay is None:
        return 0
    shop = Shop.objects.get(id=shop_id)
    facts = _next_facts(replay)
    queued = _send_again(shop, replay.webhook, facts, replay) if facts else 0
    replay.looked_at += len(facts)
    replay.sent += queued
    if facts:
        replay.reached_at, replay.reached_id = facts[-1].created_at, facts[-1].id
    if len(facts) < BATCH or not replay.webhook.is_active:
        replay.state, replay.finished_at = ReplayState.DONE, timezone.now()
    replay.save()
    return queued


def _next_facts(replay: Replay) -> list[CommittedFact]:
    selection = Selection(
        start=replay.start,
        end=replay.end,
        events=replay.events,
        only_undelivered=replay.only_undelivered,
    )
    events = selected_events(replay.webhook, selection)
    if replay.reached_at:
        events = events.filter(
            Q(created_at__gt=replay.reached_at)
            | Q(created_at=replay.reached_at, id__gt=replay.reached_id)
        )
    return [fact_of(event) for event in events.order_by("created_at", "id")[:BATCH]]


def fact_of(event: Event) -> CommittedFact:
    return CommittedFact(
        id=event.id,
        source=event.source,
        ref=event.ref,
        event_group=event.event_group,
        event_data=event.event_data,
        order_id=event.order_id,
        shipment_id=event.shipment_id,
        created_at=event.created_at,
        request_id=event.request_id,
        committed_at=event.created_at,
    )


def _send_again(
    shop: Shop, webhook: Webhook, facts: Sequence[CommittedFact], replay: Replay
) -> int:
    """What was composed stays as it is; deliveries that wait anyway are left alone."""
    made = queue_events(shop, webhook, facts)
    ids = [fact.id for fact in facts]
    with connection.cursor() as cursor:
        cursor.execute(_AGAIN, [shop.id, webhook.id, ids, replay.created_at])
        return made + int(cursor.rowcount)


def queue_events(shop: Shop, webhook: Webhook, facts: Sequence[CommittedFact]) -> int:
    """Deliveries of these to the webhook where there are none; how many. In the caller's
    transaction."""
    ids = [fact.id for fact in facts]
    known = set(Message.objects.of(shop).filter(id__in=ids).values_list("id", flat=True))
    queue_messages(shop, [fact for fact in facts if fact.id not in known])
    positions = dict(Message.objects.of(shop).filter(id__in=ids).values_list("id", "position"))
    rows: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "shop_id": shop.id,
            "webhook_id": webhook.id,
            "message_id": message_id,
            "position": position,
        }
        for message_id, position in positions.items()
    ]
    return insert_new_rows(Delivery, rows).count


def _deliveries(webhook: Webhook) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        shop_id=webhook.shop_id, webhook_id=webhook.id, message_id=OuterRef("id")
    )


def _is_fresh(shop: Shop) -> Case:
    """`dispatch.is_stale` as a condition on events, the other way round."""
    happened_at = Cast(KeyTextTransform("event_time", "event_data"), DateTimeField())
    return Case(
        When(
            Q(source=Source.SHIPMENTS, event_data__event_time__isnull=False)
            & Q(created_at__gt=happened_at + shop.stale_after),
            then=Value(False),
        ),
        default=Value(True),
        output_field=BooleanField(),
    )


_AGAIN = """
    UPDATE webhooks_delivery
       SET state = 'pending', retries = 0, next_attempt_at = now(), leased_until = NULL,
           finished_at = NULL
     WHERE shop_id = %s AND webhook_id = %s AND message_id = ANY(%s)
       AND created_at < %s AND state IN ('succeeded', 'failed')
"""
