"""Exporting a customer: every row that is held of them, and the files that they sent, as one ZIP.

What a batch reads is kept as parts; the file is made of them after the last one, outside any
transaction, for storage may be far away. `make_files` finds what a worker left that died.
"""

import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import IO, Any

import orjson
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from common.ids import new_id
from privacy.held import Customer, Held
from privacy.models import Export, ExportPart

KEPT_FOR = timedelta(days=7)
AT_ONCE = 20
FILES = "files"


def collect(export: Export, customer: Customer, held: Iterable[Held]) -> None:
    """Keep what is held of these orders, or of this address, as parts of the export."""
    for one in (one for one in held if one.is_told):
        with connection.cursor() as cursor:
            cursor.execute(_telling(one), {**customer.parameters, "untold": list(one.untold)})
            rows = [orjson.loads(row) for (row,) in cursor.fetchall()]
        if rows:
            ExportPart.objects.create(
                id=new_id(), shop_id=export.shop_id, export=export, table=one.table, rows=rows
            )


def make_files(held: Sequence[Held]) -> int:
    """Of the exports whose rows are all collected, in every shop; how many."""
    waiting = Export.objects.exclude(collected_at=None).filter(ready_at=None)
    exports = list(waiting.select_related("shop").order_by("id")[:AT_ONCE])
    return sum(make_file(export, held) for export in exports)


def make_file(export: Export, held: Sequence[Held]) -> bool:
    """Twice at once makes one: the file of whoever comes second is deleted again."""
    name = f"exports/{export.shop_id}/{new_id()}.zip"
    with tempfile.TemporaryFile() as draft:
        _write_zip(draft, export, held)
        size = draft.tell()
        draft.seek(0)
        stored = default_storage.save(name, File(draft))
    with transaction.atomic():
        unmade = Export.objects.of(export.shop).filter(id=export.id, ready_at=None)
        is_ours = bool(
            unmade.update(ready_at=timezone.now(), file=stored, size=size, encrypted_address="")
        )
        ExportPart.objects.of(export.shop).filter(export=export).delete()
    if not is_ours:
        default_storage.delete(stored)
    return is_ours


def forget_exports() -> int:
    """Whose time is over, with their files; how many. One that never became ready goes, too."""
    old = Export.objects.filter(created_at__lt=timezone.now() - KEPT_FOR)
    gone = 0
    for export in old.order_by("id")[:AT_ONCE]:
        if export.file:
            default_storage.delete(export.file)
        gone += bool(Export.objects.filter(shop_id=export.shop_id, id=export.id).delete()[0])
    return gone


def _write_zip(draft: IO[bytes], export: Export, held: Sequence[Held]) -> None:
    columns = {one.table: one.files for one in held if one.files}
    told: dict[str, list[Any]] = {}
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in _parts(export):
            told.setdefault(part.table, []).extend(part.rows)
            names = (row.get(columns.get(part.table)) for row in part.rows)
            for name in filter(None, names):
                _add_file(archive, name)
        document = {
            "shop": export.shop.slug,
            "exported_at": timezone.now(),
            "held": told,
        }
        archive.writestr("customer.json", orjson.dumps(document, option=orjson.OPT_INDENT_2))


def _parts(export: Export) -> Iterator[ExportPart]:
    rows = ExportPart.objects.of(export.shop).filter(export=export)
    return rows.order_by("id").iterator(chunk_size=10)


def _add_file(archive: zipfile.ZipFile, name: str) -> None:
    """Under the name that its row says; one that was deleted meanwhile is left out."""
    try:
        with default_storage.open(name) as file:
            archive.writestr(f"{FILES}/{name}", file.read())
    except FileNotFoundError:
        return


def _telling(held: Held) -> str:
    return (
        f"SELECT (to_jsonb(held) - %(untold)s::text[])::text FROM {held.table} AS held"
        f" WHERE {held.condition} ORDER BY held.id"
    )
