"""JSON in and out: the raw bytes reach the wire models, which decode and check in one step."""

from decimal import Decimal
from typing import Any

import orjson
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from common.errors import MalformedJSON, TooLarge

MAX_BODY_BYTES = 10 * 1024 * 1024


class RawJSONParser(BaseParser):
    """Hands the body on as bytes; one that is too large is refused before it is read."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        length = int(stream.META.get("CONTENT_LENGTH") or 0)
        if length > MAX_BODY_BYTES:
            raise TooLarge(f"The body has {length:,} bytes; at most {MAX_BODY_BYTES:,} are taken.")
        body = stream.read(length)
        if len(body) < length:
            raise MalformedJSON(f"The body ended after {len(body):,} of {length:,} bytes.")
        return body


class ORJSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None
    ) -> bytes:
        return orjson.dumps(data, default=as_number)


def as_number(value: object) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


class AlwaysJSON(BaseContentNegotiation):
    """There is one form to answer in, whatever a client says that it accepts."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        sent = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == sent), None)

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type
