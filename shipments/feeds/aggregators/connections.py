"""Connecting a shop to an aggregator, and finding the connection that a delivery is for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from common.errors import Invalid
from shipments.feeds.heard import invalid
from shipments.feeds.models import Aggregator, AggregatorConnection, FeedAddress
from shops.models import Shop

TOKEN_BYTES = 32
LONGEST_SECRET = 256
LAST_DELIVERY_PRECISION = timedelta(minutes=1)
"""So that a busy feed costs one write a minute, not one a delivery."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Addressed:
    """The connection at an address, with its shop."""

    shop: Shop
    connection: AggregatorConnection

    @property
    def key_id(self) -> UUID:
        """What its requests are counted by, as an API key's are by the key."""
        return self.connection.id


@transaction.atomic
def connect_aggregator(
    shop: Shop, *, aggregator: Aggregator, secret: str
) -> tuple[AggregatorConnection, FeedAddress]:
    """A new connection and the address to enter at the aggregator; raises `Invalid`."""
    connection = AggregatorConnection(shop=shop, aggregator=aggregator)
    connection.secret = check_secret(secret)
    connection.save(force_insert=True)
    address = FeedAddress.objects.create(
        shop=shop, connection_id=connection.id, token=token_urlsafe(TOKEN_BYTES)
    )
    return connection, address


def replace_secret(connection: AggregatorConnection, secret: str) -> AggregatorConnection:
    """From now on deliveries are signed with this one; raises `Invalid`."""
    connection.secret = check_secret(secret)
    connection.updated_at = timezone.now()
    connection.save(update_fields=["encrypted_secret", "updated_at"])
    return connection


@transaction.atomic
def disconnect_aggregator(connection: AggregatorConnection) -> None:
    """Its address answers nobody any more; what it reported stays."""
    FeedAddress.objects.filter(shop=connection.shop, connection_id=connection.id).delete()
    AggregatorConnection.objects.of(connection.shop).filter(id=connection.id).delete()


def addresses_of(
    shop: Shop, connections: Iterable[AggregatorConnection]
) -> dict[UUID, FeedAddress]:
    """By the connection's id."""
    ids = [connection.id for connection in connections]
    addresses = FeedAddress.objects.filter(shop=shop, connection_id__in=ids)
    return {address.connection_id: address for address in addresses}


def find_connection(token: str, aggregator: Aggregator) -> Addressed | None:
    address = FeedAddress.objects.select_related("shop").filter(token=token).first()
    if address is None:
        return None
    connection = (
        AggregatorConnection.objects.of(address.shop)
        .filter(id=address.connection_id, aggregator=aggregator)
        .first()
    )
    if connection is None:
        return None
    return Addressed(shop=address.shop, connection=connection)


def note_delivery(connection: AggregatorConnection) -> None:
    now = timezone.now()
    stale = Q(last_delivery_at=None) | Q(last_delivery_at__lt=now - LAST_DELIVERY_PRECISION)
    AggregatorConnection.objects.of(connection.shop).filter(stale, id=connection.id).update(
        last_delivery_at=now
    )


def check_secret(secret: str) -> str:
    """As it was given: white space around it would be signed with. Raises `Invalid`."""
    refusal: Invalid | None = None
    if not secret.strip() or "\x00" in secret:
        refusal = invalid("secret", "The secret is what the aggregator signs its deliveries with.")
    elif len(secret) > LONGEST_SECRET:
        refusal = invalid("secret", f"A secret has at most {LONGEST_SECRET} characters.")
    if refusal:
        raise refusal
    return secret
