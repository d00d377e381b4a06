"""Answers to reads carry an ETag: a client that has the answer already is told just that."""

from hashlib import sha1
from typing import Any

import orjson
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
    etag = f'"{sha1(body, usedforsecurity=False).hexdigest()}"'
    headers = {**(headers or {}), "ETag": etag, "Cache-Control": "private, no-cache"}
    if _names(request.headers.get("If-None-Match", ""), etag):
        return HttpResponse(status=304, content_type="application/json", headers=headers)
    return HttpResponse(body, content_type="application/json", headers=headers)


def _names(sent: str, etag: str) -> bool:
    """Weak comparison: proxies that compress mark the tags that they pass on as weak."""
    tags = parse_etags(sent.strip())
    return "*" in tags or etag in (tag.removeprefix("W/") for tag in tags)
