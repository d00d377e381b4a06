"""Bodies as clients really send them, made into what Django reads: bytes of a known length.

Django goes by `Content-Length` alone: a chunked body would look empty. And a body that is refused
unread leaves many clients writing into a closed connection, who then never see the refusal.
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from common.api.media import MAX_BODY_BYTES

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]

MAX_UPLOAD_BYTES = 21 * 1024 * 1024
"""Of a form with files, which Django reads piece by piece and keeps out of memory."""

DRAINED_BYTES = 64 * 1024 * 1024
"""So much of a body that is too large is read, to be thrown away; beyond, the connection breaks."""
UPLOADS = "/t/"
"""Customers' pages, to which photos are sent: views there look at the length before they read."""
MOST_UPLOADED = 64 * 1024 * 1024
DRAINED_UPLOAD = 512 * 1024 * 1024
"""A customer who sends a film is to read why it is refused."""

PIECE = 64 * 1024


class MeasuredBody:
    """WSGI middleware: gives a chunked body its length, and drains one that is too large."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        is_chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        if is_chunked and not length:
            sent = environ["wsgi.input"]
            body = _read(sent, MAX_BODY_BYTES + 1)
            if len(body) > MAX_BODY_BYTES:
                _read(sent, DRAINED_BYTES, keep=False)
            environ["wsgi.input"] = BytesIO(body)
            environ["CONTENT_LENGTH"] = str(len(body))
        elif length.isdecimal():
            is_upload = environ.get("PATH_INFO", "").startswith(UPLOADS)
            most = MOST_UPLOADED if is_upload else _most_bytes(environ)
            drained = DRAINED_UPLOAD if is_upload else DRAINED_BYTES
            if most < int(length) <= drained:
                _read(environ["wsgi.input"], int(length), keep=False)
        return self.application(environ, start_response)


def _most_bytes(environ: Environ) -> int:
    is_form = environ.get("CONTENT_TYPE", "").startswith("multipart/form-data")
    return MAX_UPLOAD_BYTES if is_form else MAX_BODY_BYTES


def _read(body: Any, limit: int, *, keep: bool = True) -> bytes:
    """Up to `limit` bytes, in pieces."""
    pieces = []
    while limit > 0 and (piece := body.read(min(PIECE, limit))):
        limit -= len(piece)
        if keep:
            pieces.append(piece)
    return b"".join(pieces)
