"""Asking carriers for what is due: a batch is taken, asked for outside any transaction, settled."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone

from common.encryption import Undecryptable
from common.errors import DomainError
from shipments.feeds.carriers.connections import A_NUMBER, enroll
from shipments.feeds.carriers.connectors import CONNECTORS
from shipments.feeds.carriers.karrio_sdk import Carrier, Tracked, in_calls
from shipments.feeds.carriers.schedule import back_off, next_time
from shipments.feeds.carriers.tracked import hear
from shipments.feeds.carriers.troubles import (
    UNDECRYPTABLE,
    CarrierBusy,
    CarrierTrouble,
    CarrierUnavailable,
)
from shipments.feeds.heard import take_in
from shipments.feeds.models import CarrierConnection, Poll
from shipments.models import Shipment
from shops.models import Shop

BATCH = 50
"""Numbers, taken at once: so many that a worker is through with them well within the lease."""
LEASE = timedelta(minutes=10)
TIME_FOR_A_BATCH = timedelta(minutes=2)
"""Then the rest is left to the next worker; a task is killed after four."""
MOST_FAILURES = 3
"""In a row in one batch: then it is the carrier, not the number."""
REFUSED_FOR = timedelta(hours=1)
REMEMBERED_FOR = timedelta(days=30)
"""Parcels that are not asked for any more: a late change of one must not start it again."""
BUSY_FOR = timedelta(minutes=5)
"""Where the carrier does not say how long."""

log = structlog.get_logger()


def connections_to_ask(now: datetime | None = None) -> list[tuple[UUID, UUID]]:
    """(shop, connection) of those that are active and not blocked: each is a task of its own."""
    now = now or timezone.now()
    free = Q(blocked_until=None) | Q(blocked_until__lte=now)
    active = CarrierConnection.objects.filter(free, is_active=True)
    return list(active.values_list("shop_id", "id"))


def poll_connection(shop_id: UUID, connection_id: UUID) -> int:
    """Ask for what is due, one batch; how many numbers were asked for."""
    connection = _connection(shop_id, connection_id)
    if connection is None or not connection.is_active:
        return 0
    enroll(connection)
    if connection.blocked_until and connection.blocked_until > timezone.now():
        return 0
    polls = _claim(connection)
    return _ask(connection, polls) if polls else 0


def try_connection(shop_id: UUID, connection_id: UUID) -> None:
    """Ask once, for a number of the carrier's own documentation: does it listen to us?"""
    connection = _connection(shop_id, connection_id)
    if connection is None:
        return
    connector = CONNECTORS[connection.carrier]
    try:
        Carrier(connector, _credentials(connection)).track([connector.test_number])
    except CarrierTrouble as trouble:
        _note_trouble(connection, trouble)
    else:
        _note_answer(connection)


def _connection(shop_id: UUID, connection_id: UUID) -> CarrierConnection | None:
    found = CarrierConnection.objects.select_related("shop").filter(shop_id=shop_id)
    return found.filter(id=connection_id).first()


def forget_finished(now: datetime | None = None) -> int:
    """Take those off the list that are not asked for any more; how many they were."""
    before = (now or timezone.now()) - REMEMBERED_FOR
    old = Q(last_asked_at__lt=before) | Q(last_asked_at=None)
    return Poll.objects.filter(old, due_at=None).delete()[0]


@dataclass
class _Asked:
    """What came of a batch, by number."""

    known: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    unreadable: set[str] = field(default_factory=set)
    trouble: CarrierTrouble | None = None
    """What ended it early; numbers in none of the sets were not asked for."""


@transaction.atomic
def _claim(connection: CarrierConnection) -> list[Poll]:
    """Due rows that nobody else has, now due again when the lease ends."""
    now = timezone.now()
    polls = list(
        Poll.objects.filter(shop=connection.shop, connection_id=connection.id, due_at__lte=now)
        .order_by("due_at")
        .select_for_update(skip_locked=True)[:BATCH]
    )
    Poll.objects.filter(shop=connection.shop, id__in=[poll.id for poll in polls]).update(
        due_at=now + LEASE
    )
    return polls


def _ask(connection: CarrierConnection, polls: list[Poll]) -> int:
    numbers = _still_wanted(connection.shop, polls)
    asked = _ask_carrier(connection, numbers)
    if asked.known or asked.unknown:
        _note_answer(connection)
    until = _note_trouble(connection, asked.trouble) if asked.trouble else None
    _settle(connection, polls, asked, untouched_until=until)
    return len(asked.known | asked.unknown | asked.unreadable)


def _still_wanted(shop: Shop, polls: Sequence[Poll]) -> list[str]:
    """Numbers that their shipments still have, each once."""
    ids = [poll.shipment_id for poll in polls]
    current = dict(
        Shipment.objects.of(shop).filter(id__in=ids).values_list("id", "tracking_number")
    )
    return list(
        dict.fromkeys(
            poll.tracking_number
            for poll in polls
            if current.get(poll.shipment_id) == poll.tracking_number
            and A_NUMBER.fullmatch(poll.tracking_number)
        )
    )


def _ask_carrier(connection: CarrierConnection, numbers: Sequence[str]) -> _Asked:
    """The network; scans are recorded as they come, each call's in a transaction of its own."""
    asked, connector = _Asked(), CONNECTORS[connection.carrier]
    deadline = timezone.now() + TIME_FOR_A_BATCH
    failures = 0
    try:
        carrier = Carrier(connector, _credentials(connection)) if numbers else None
    except CarrierTrouble as trouble:
        asked.trouble = trouble
        return asked
    for call in in_calls(numbers, connector):
        if carrier is None or timezone.now() > deadline:
            break
        try:
            tracked = carrier.track(call)
        except CarrierUnavailable as trouble:
            failures += 1
            asked.unreadable.update(call)
            if failures == MOST_FAILURES or failures == len(numbers):
                asked.trouble = trouble
                break
            continue
        except CarrierTrouble as trouble:
            asked.trouble = trouble
            break
        failures = 0
        for number in call:
            _listen(connection, number, tracked.get(number), asked)
    return asked


def _listen(
    connection: CarrierConnection, number: str, tracked: Tracked | None, asked: _Asked
) -> None:
    if tracked is None:
        asked.unknown.add(number)
        return
    shop, zone = connection.shop, ZoneInfo(connection.shop.timezone)
    try:
        take_in(shop, hear(CONNECTORS[connection.carrier], number, tracked, zone))
    except UNHEARD:
        log.exception("carrier.not_heard", shop=shop.slug, carrier=connection.carrier)
        asked.unreadable.add(number)
    else:
        asked.known.add(number)


UNHEARD = (AttributeError, DatabaseError, DomainError, LookupError, TypeError, ValueError)
"""What an answer may cause that nobody thought of: it costs its number, not the whole batch."""


def _credentials(connection: CarrierConnection) -> dict[str, str]:
    try:
        return connection.credentials
    except Undecryptable:
        raise CarrierUnavailable(UNDECRYPTABLE) from None


def _settle(
    connection: CarrierConnection,
    polls: Sequence[Poll],
    asked: _Asked,
    *,
    untouched_until: datetime | None,
) -> None:
    """When each is due next, by where its parcel is now."""
    shop, now = connection.shop, timezone.now()
    ids = [poll.shipment_id for poll in polls]
    shipments = Shipment.objects.of(shop).in_bulk(ids)
    for poll in polls:
        shipment, number = shipments.get(poll.shipment_id), poll.tracking_number
        if shipment is None or shipment.tracking_number != number:
            poll.due_at = None  # it is enrolled anew with the number it gets
        elif number in asked.unreadable:
            poll.failures = min(poll.failures + 1, 100)
            poll.due_at = max(now + back_off(poll.failures), untouched_until or now)
        elif number in asked.known or number in asked.unknown:
            poll.misses = 0 if number in asked.known else min(poll.misses + 1, 1_000)
            poll.failures = 0
            poll.last_asked_at = now
            poll.due_at = next_time(shipment, misses=poll.misses, now=now)
        else:
            poll.due_at = untouched_until or now
    Poll.objects.bulk_update(polls, ["due_at", "misses", "failures", "last_asked_at"])


def _note_answer(connection: CarrierConnection) -> None:
    connection.failures = 0
    CarrierConnection.objects.of(connection.shop).filter(id=connection.id).update(
        failures=0, blocked_until=None, last_trouble="", last_answer_at=timezone.now()
    )


def _note_trouble(connection: CarrierConnection, trouble: CarrierTrouble) -> datetime:
    """Until when the carrier is left alone."""
    now = timezone.now()
    failures = min(connection.failures + 1, 1_000)
    match trouble:
        case CarrierBusy():
            wait = max(trouble.retry_after or BUSY_FOR, timedelta(seconds=1))
        case CarrierUnavailable():
            wait = back_off(failures)
        case _:
            wait = REFUSED_FOR
    until = now + wait
    log.warning(
        "carrier.trouble", shop=connection.shop.slug, carrier=connection.carrier, why=str(trouble)
    )
    CarrierConnection.objects.of(connection.shop).filter(id=connection.id).update(
        failures=failures,
        blocked_until=until,
        last_trouble=str(trouble)[:255],
        last_trouble_at=now,
    )
    return until
