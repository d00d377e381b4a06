"""CSV that is read and sent batch by batch: a few at once, each person one.

No transaction stays open for the length of a download; each takes a thread of the web server.
"""

from collections.abc import Callable, Iterator
from typing import Self

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render, resolve_url

from common.database_session import session_connection
from portal.access import ShopRequest
from portal.menu import room_of
from shops.models import User

BYTE_ORDER_MARK = "\ufeff"
"""So that spreadsheets read UTF-8 as such; other readers skip it (`utf-8-sig`)."""

LOCK = 4_715_010
MOST_AT_ONCE = 3
"""Of all people's: each keeps a thread of the web server busy for as long as it is read."""
BUSY_SECONDS = 30


def csv_download(
    request: ShopRequest, lines: Callable[[], Iterator[str]], *, name: str
) -> HttpResponseBase:
    """The lines as a file of that name; who has to wait is told so."""
    place = Place.take(request.user)
    if place is None:
        return busy(request)
    return StreamingHttpResponse(
        Download(lines(), place),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.csv"',
            "X-Accel-Buffering": "no",
        },
    )


def busy(request: ShopRequest) -> HttpResponse:
    """Somebody exports already; the way back is to the room that the download belongs to."""
    room = room_of(request.path)
    back = resolve_url(f"portal:{room.key}", slug=request.member.shop.slug)
    context = {"back": back, "back_name": room.name}
    response = render(request, "portal/busy.html", context, status=429)
    response["Retry-After"] = str(BUSY_SECONDS)
    return response


class Place:
    """A right to export now: one for each person, and a few for all of them together.

    Held by locks of the database's session, which end with it, whatever becomes of this process.
    """

    def __init__(self, keys: list[int]) -> None:
        self._keys = keys

    @classmethod
    def take(cls, person: User) -> Self | None:
        own = LOCK << 32 | (person.id.int & 0xFFFFFFFF)
        if not _lock(own):
            return None
        for number in range(MOST_AT_ONCE):
            if _lock(LOCK + number):
                return cls([own, LOCK + number])
        _unlock(own)
        return None

    def leave(self) -> None:
        while self._keys:
            _unlock(self._keys.pop())


class Download(Iterator[str]):
    """The lines, and a place that is left as soon as they end or nobody reads on."""

    def __init__(self, lines: Iterator[str], place: Place) -> None:
        self._lines = lines
        self._place = place

    def __next__(self) -> str:
        return next(self._lines)

    def close(self) -> None:
        self._place.leave()


def _lock(key: int) -> bool:
    with session_connection().cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        return bool(cursor.fetchone()[0])


def _unlock(key: int) -> None:
    with session_connection().cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
