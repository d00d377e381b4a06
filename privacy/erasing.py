"""Erasing a customer: in every table that holds something of them, by what that table declares."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.db import connection, transaction

from common.ids import new_id
from privacy.held import Customer, Held
from privacy.models import DoomedFile
from shops.models import Shop

MOST_FILES = 200


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How many rows of a table hold something of a customer, and what erasing does to them."""

    held: Held
    count: int


def count_held(customer: Customer, held: Iterable[Held]) -> list[Counted]:
    """Of every table with such rows, as many as there are now."""
    counted = []
    with connection.cursor() as cursor:
        for one in held:
            cursor.execute(_counting(one), customer.parameters)
            counted.append(Counted(held=one, count=cursor.fetchone()[0]))
    return [one for one in counted if one.count]


def erase(customer: Customer, held: Sequence[Held]) -> None:
    """In the caller's transaction, which holds the locks of the orders. Again is the same as once.

    The files go after the commit.
    """
    with connection.cursor() as cursor:
        for one in held:
            if one.files:
                cursor.execute(_files(one), customer.parameters)
                names = [name for (name,) in cursor.fetchall() if name]
                _doom(customer.shop, names)
            if statement := _erasing(one):
                cursor.execute(statement, customer.parameters)


def delete_doomed_files(shop: Shop | None = None) -> int:
    """Those whose rows are gone; how many. What cannot be deleted now is left for the next time."""
    doomed = DoomedFile.objects.of(shop) if shop else DoomedFile.objects.all()
    deleted = 0
    for file in doomed.order_by("id")[:MOST_FILES]:
        default_storage.delete(file.name)
        DoomedFile.objects.filter(shop_id=file.shop_id, id=file.id).delete()
        deleted += 1
    return deleted


def _doom(shop: Shop, names: Sequence[str]) -> None:
    if names:
        DoomedFile.objects.bulk_create(
            DoomedFile(id=new_id(), shop=shop, name=name) for name in names
        )
        transaction.on_commit(lambda: delete_doomed_files(shop), robust=True)


def _counting(held: Held) -> str:
    return f"SELECT count(*) FROM {held.table} AS held WHERE {held.condition}"


def _files(held: Held) -> str:
    return f"SELECT {held.files} FROM {held.table} AS held WHERE {held.condition}"


def _erasing(held: Held) -> str:
    if held.goes:
        return f"DELETE FROM {held.table} AS held WHERE {held.condition}"
    changes = ", ".join(f"{column} = {value}" for column, value in held.becomes.items())
    return f"UPDATE {held.table} AS held SET {changes} WHERE {held.condition}" if changes else ""
