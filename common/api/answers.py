"""Answers to reads carry an ETag: a client that has the answer already is told just that."""

from hashlib import blake2b
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from common.api.media import as_number


def answer_read(
    request: HttpRequest, content: Any, headers: dict[str, str] | None = None
) -> HttpResponseBase:
    """The content as JSON, or 304 when `If-None-Match` names it (RFC 9110)."""
    body = orjson.dumps(content, default=as_number)
    etag = f'"{blake2b(body, digest_size=16).hexdigest()}"'
    headers = {**(headers or {}), "ETag": etag, "Cache-Control": "private, no-cache"}
    response = HttpResponse(body, content_type="application/json", headers=headers)
    return get_conditional_response(request, etag=etag, response=response) or response
