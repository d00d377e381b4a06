"""Photos on their way in: written to disk in pieces, and no further than they may be large."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest
from django.utils.translation import gettext as _

from claims.answers import Answers
from claims.drafts import add_photo
from claims.errors import PhotoRefused
from claims.flows import Need
from claims.images import MOST_BYTES, take_in
from common.request_body import MOST_UPLOADED


class CappedUpload(TemporaryFileUploadHandler):
    """Keeps what may be kept, and still counts the rest: its size then says why it is refused."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> Any:
        if start + len(raw_data) <= MOST_BYTES:
            super().receive_data_chunk(raw_data, start)


@dataclass(frozen=True, kw_only=True)
class Refused:
    name: str
    why: str


def is_too_large(request: HttpRequest) -> bool:
    """Before anything of the body is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdecimal() or int(length) > MOST_UPLOADED


def receive(request: HttpRequest) -> list[TemporaryUploadedFile]:
    request.upload_handlers = [CappedUpload(request)]
    sent = request.FILES.getlist("photos")
    return [file for file in sent if isinstance(file, TemporaryUploadedFile)]


def keep_photos(answers: Answers, files: Iterable[TemporaryUploadedFile]) -> list[Refused]:
    """Each by itself: what is refused costs the others nothing."""
    refused = []
    for file in files:
        name = file.name or _("Photo")
        try:
            picture = take_in(file, size=file.size or 0)
            is_optional = answers.plan.photos != Need.REQUIRED
            add_photo(answers.draft, picture, name=name, is_optional=is_optional)
        except PhotoRefused as refusal:
            refused.append(Refused(name=name, why=refusal.message))
    return refused
