"""A shop's connections to carriers: made, changed and removed; and which parcels they ask for."""

import re
from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Conflict, Fault, Invalid
from shipments.feeds.carriers.connectors import CONNECTORS, Connector
from shipments.feeds.carriers.schedule import INTERVALS, SILENT_FOR
from shipments.feeds.models import CarrierConnection, Poll
from shipments.models import Shipment
from shops.models import Shop

LONGEST_CREDENTIAL = 512
OVERLAP = timedelta(minutes=5)
"""Looked at again: a change is dated before its transaction commits."""
CHUNK = 1_000
A_NUMBER = re.compile(r"[A-Za-z0-9]{5,40}")
"""What carriers give; anything else is no number, and has no place in their URLs."""


class CarrierConnected(Conflict):
    key = "carrier_connected"


@transaction.atomic
def connect_carrier(
    shop: Shop, connector: Connector, credentials: Mapping[str, str]
) -> CarrierConnection:
    """Raises `CarrierConnected`, or `Invalid` with each field that is missing or no such thing."""
    now = timezone.now()
    connection = CarrierConnection(
        shop=shop, carrier=connector.name, enrolled_until=now - SILENT_FOR
    )
    connection.credentials = check_credentials(connector, credentials)
    if CarrierConnection.objects.of(shop).filter(carrier=connector.name).exists():
        raise CarrierConnected(
            _("%s is connected; change that connection instead.") % connector.title
        )
    connection.save(force_insert=True)
    return connection


def replace_credentials(
    connection: CarrierConnection, credentials: Mapping[str, str]
) -> CarrierConnection:
    """From now on it asks with these, and at once; raises `Invalid`."""
    connection.credentials = check_credentials(CONNECTORS[connection.carrier], credentials)
    connection.failures = 0
    connection.blocked_until = None
    connection.last_trouble = ""
    connection.updated_at = timezone.now()
    connection.save(
        update_fields=[
            "encrypted_credentials",
            "failures",
            "blocked_until",
            "last_trouble",
            "updated_at",
        ]
    )
    return connection


def set_asking(connection: CarrierConnection, *, is_active: bool) -> CarrierConnection:
    connection.is_active = is_active
    connection.updated_at = timezone.now()
    connection.save(update_fields=["is_active", "updated_at"])
    return connection


@transaction.atomic
def ask_again(connection: CarrierConnection) -> int:
    """Whatever it failed at: its parcels are due at once; how many are asked for."""
    CarrierConnection.objects.of(connection.shop).filter(id=connection.id).update(
        failures=0, blocked_until=None, last_trouble="", updated_at=timezone.now()
    )
    polls = Poll.objects.filter(connection_id=connection.id, shop=connection.shop)
    return polls.filter(due_at__isnull=False).update(due_at=timezone.now(), failures=0)


@transaction.atomic
def disconnect_carrier(connection: CarrierConnection) -> None:
    """Nothing is asked any more; what was reported stays."""
    Poll.objects.filter(shop=connection.shop, connection_id=connection.id).delete()
    CarrierConnection.objects.of(connection.shop).filter(id=connection.id).delete()


def enroll(connection: CarrierConnection) -> int:
    """Put the shop's parcels that this carrier has on the list; how many are new on it.

    Only those that changed since the last time are looked at, in the order of their changes.
    """
    shop, connector = connection.shop, CONNECTORS[connection.carrier]
    shipments = (
        Shipment.objects.of(shop)
        .real()
        .fulfilled()
        .filter(
            updated_at__gte=connection.enrolled_until - OVERLAP,
            carrier_reference__in=connector.carriers,
            phase__in=INTERVALS,
        )
        .order_by("updated_at", "id")
        .only("id", "shop_id", "tracking_number", "updated_at")
    )
    new, chunk = 0, []
    for shipment in shipments.iterator(CHUNK):
        chunk.append(shipment)
        if len(chunk) == CHUNK:
            new += _enroll(connection, chunk)
            chunk = []
    if chunk:
        new += _enroll(connection, chunk)
    return new


@transaction.atomic
def _enroll(connection: CarrierConnection, shipments: list[Shipment]) -> int:
    """One chunk: those that are not listed, and those that are under another number."""
    shop, now = connection.shop, timezone.now()
    ids = [shipment.id for shipment in shipments]
    listed = Poll.objects.filter(shop=shop, shipment_id__in=ids)
    known = {poll.shipment_id: poll for poll in listed}
    new, moved = [], []
    for shipment in shipments:
        number = shipment.tracking_number or ""
        if not A_NUMBER.fullmatch(number):
            continue
        poll = known.get(shipment.id)
        if poll is None:
            poll = Poll(shop=shop, shipment_id=shipment.id)
            new.append(poll)
        elif (poll.connection_id, poll.tracking_number) != (connection.id, number):
            moved.append(poll)
        else:
            continue
        poll.connection_id, poll.tracking_number = connection.id, number
        poll.due_at, poll.misses, poll.failures = now, 0, 0
    Poll.objects.bulk_create(new, ignore_conflicts=True)
    Poll.objects.bulk_update(
        moved, ["connection_id", "tracking_number", "due_at", "misses", "failures"]
    )
    connection.enrolled_until = max(connection.enrolled_until, shipments[-1].updated_at)
    CarrierConnection.objects.of(shop).filter(id=connection.id).update(
        enrolled_until=connection.enrolled_until
    )
    return len(new)


def check_credentials(connector: Connector, credentials: Mapping[str, str]) -> dict[str, str]:
    """Only what the connector knows, all of what it needs; raises `Invalid`."""
    faults, checked = [], {}
    for field in connector.fields:
        value = credentials.get(field.name, "").strip()
        words = {"carrier": connector.title, "field": _(field.label)}
        if not value and not field.is_optional:
            faults.append(_fault(field.name, _("%(carrier)s needs the %(field)s.") % words))
        elif len(value) > LONGEST_CREDENTIAL or not value.isprintable():
            faults.append(_fault(field.name, _("This is no %(field)s.") % words))
        checked[field.name] = value
    if faults:
        raise Invalid(_("The credentials are not complete."), faults)
    return checked


def _fault(name: str, message: str) -> Fault:
    return Fault(loc=(name,), msg=message, type="value_error")
