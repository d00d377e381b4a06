"""Answers to reads carry an ETag: a client that has the answer already is told just that."""

from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from typing import Any

import orjson
from cryptography.hazmat.primitives.poly1305 import Poly1305
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags

from common.api.media import as_number


def answer_read(
    request: HttpRequest, content: Any, headers: dict[str, str] | None = None
) -> HttpResponse:
    """The content as JSON, or 304 when `If-None-Match` names it (RFC 9110, section 13.1.2)."""
    return answer_json(request, orjson.dumps(content, default=as_number), headers)


def answer_json(
    request: HttpRequest, body: bytes, headers: dict[str, str] | None = None
) -> HttpResponse:
    """The same with what is JSON already."""
    etag = f'"{Poly1305.generate_tag(_tag_key(), body).hex()}"'
    headers = {**(headers or {}), "ETag": etag, "Cache-Control": "private, no-cache"}
    if _names(request.META.get("HTTP_IF_NONE_MATCH", ""), etag):
        return HttpResponse(status=304, content_type="application/json", headers=headers)
    return HttpResponse(body, content_type="application/json", headers=headers)


def answer_list(
    request: HttpRequest, items: Sequence[bytes], headers: dict[str, str] | None = None
) -> HttpResponse:
    """The same with an array of them, joined once: to copy a large answer takes its time."""
    pieces = [b"[", *(piece for item in items for piece in (item, b","))]
    pieces[-1] = b"]" if items else b"[]"
    return answer_json(request, b"".join(pieces), headers)


@cache
def _tag_key() -> bytes:
    """Poly1305 is by far the fastest digest at hand, and only guessable by who knows the key."""
    return blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"ETag").digest()


def _names(sent: str, etag: str) -> bool:
    """Weak comparison: proxies that compress mark the tags that they pass on as weak."""
    tags = parse_etags(sent.strip())
    return "*" in tags or etag in (tag.removeprefix("W/") for tag in tags)
