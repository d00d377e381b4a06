"""Customers' photos: each row has its file, each file its row."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import PurePosixPath
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils import timezone

from claims.models import ClaimPhoto
from doctor.check import ShopCheck, Trouble
from shops.models import Shop

STORED_BEFORE_ITS_ROW = timedelta(hours=1)
"""A file is stored before the transaction of its row."""


def _without_file(shop: Shop) -> Iterator[Trouble]:
    stored = _stored(shop)
    for photo in ClaimPhoto.objects.of(shop).only("id", "file", "claim_id").iterator():
        if photo.file.name not in stored:
            yield Trouble(
                subject=str(photo.id),
                label=f"photo {photo.id}",
                detail=f"of claim {photo.claim_id} has no file {photo.file.name}",
            )


def _without_row(shop: Shop) -> Iterator[Trouble]:
    stored = _stored(shop)
    known = set(ClaimPhoto.objects.of(shop).values_list("file", flat=True).iterator())
    before = timezone.now() - STORED_BEFORE_ITS_ROW
    for name in sorted(stored - known):
        if default_storage.get_modified_time(name) < before:
            yield Trouble(subject=name, label=name, detail="belongs to no photo")


def _delete(shop: Shop, subjects: Sequence[str]) -> int:
    ours = set(subjects) & _stored(shop)
    for name in ours:
        default_storage.delete(name)
    return len(ours)


def _stored(shop: Shop) -> set[str]:
    folder = f"claims/{UUID(str(shop.id))}"
    try:
        _, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return set()
    return {str(PurePosixPath(folder, name)) for name in names}


PHOTOS = ShopCheck(
    name="photos",
    title="Every photo of a claim has its file",
    means="The claim shows a broken picture.",
    advice="Restore the media folder or bucket from the backup of the same time as the database.",
    ask=_without_file,
)

FILES = ShopCheck(
    name="files",
    title="Every stored photo belongs to a claim",
    means="A customer's picture is kept that nobody can see or delete any more.",
    advice="--mend deletes it. After a restore of the database only, restore the files instead.",
    ask=_without_row,
    mend=_delete,
)
