"""Asking in the name of a customer, and how it ends."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from common.trace import current_trace
from privacy.addresses import digest_of, digests_of
from privacy.models import Erasure, Export
from shops.models import Shop, User

UNFINISHED_FOR = timedelta(days=7)


@transaction.atomic
def ask_for_erasure(shop: Shop, address: str, orders: Sequence[UUID]) -> Erasure:
    """Of these orders, and of whatever else names the address, unless that is empty.

    The job that does it is begun by who asks (`portal.privacy`). One that never ended is given up
    for this one.
    """
    unfinished = Erasure.objects.of(shop).filter(finished_at=None)
    same_orders = Q(address_digest="", orders=list(orders))
    known = Q(address_digest__in=digests_of(shop, address)) if address else same_orders
    given_up = unfinished.filter(known)
    names = sorted({name for one in given_up for name in one.names})
    given_up.delete()
    erasure = Erasure(
        shop=shop,
        address_digest=_digest(shop, address),
        orders=list(orders),
        order_count=len(orders),
        actor=current_trace().actor,
    )
    erasure.address, erasure.names = address, names
    erasure.save()
    return erasure


@transaction.atomic
def ask_for_export(shop: Shop, address: str, orders: Sequence[UUID], *, person: User) -> Export:
    export = Export(
        shop=shop,
        address_digest=_digest(shop, address),
        orders=list(orders),
        order_count=len(orders),
        actor=current_trace().actor,
        person=person,
    )
    export.address = address
    export.save()
    return export


def note_names(erasure: Erasure, names: Sequence[str]) -> None:
    """While the orders still say them. Those of an erasure that was stopped before count, too."""
    erasure.names = sorted({*erasure.names, *names})
    erasure.save(update_fields=["encrypted_names"])


def finish_erasure(erasure: Erasure) -> None:
    """What is left is a note: when, by whom, how many orders, and a digest."""
    now = timezone.now()
    Erasure.objects.of(erasure.shop).filter(id=erasure.id).update(
        finished_at=now, updated_at=now, encrypted_address="", encrypted_names="", orders=[]
    )


def give_up_unfinished() -> int:
    """Erasures that somebody stopped, with the address in them, after a week; how many."""
    before = timezone.now() - UNFINISHED_FOR
    return Erasure.objects.filter(finished_at=None, created_at__lt=before).delete()[0]


def erasures_of(shop: Shop, address: str) -> list[Erasure]:
    """Finished ones of this address, newest first."""
    rows = Erasure.objects.of(shop).exclude(finished_at=None)
    found = rows.filter(address_digest__in=digests_of(shop, address))
    return list(found.order_by("-created_at", "-id"))


def _digest(shop: Shop, address: str) -> str:
    """Empty of who has no e-mail."""
    return digest_of(shop, address) if address else ""
