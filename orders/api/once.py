"""POSTs that are done once, however often they are sent (`Idempotency-Key`)."""

from collections.abc import Callable
from hashlib import blake2b
from typing import cast

import orjson
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.media import as_number
from common.errors import Fault, Invalid
from intake.idempotency import Answer, answer_once
from shops.models import Shop

MAX_KEY_LENGTH = 255


def respond_once(request: Request, shop: Shop, answer: Callable[[], Answer]) -> Response:
    """What `answer` says; with an `Idempotency-Key`, what it said the first time."""
    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        answered = answer()
    else:
        _check(key)
        answered = answer_once(shop, key, _digest(request), lambda: _as_json(answer()))
    headers = dict(answered.headers)
    if answered.is_replay:
        headers["Idempotency-Replayed"] = "true"
    return Response(answered.content, headers=headers)


def _check(key: str) -> None:
    if not (0 < len(key) <= MAX_KEY_LENGTH and key.isprintable()):
        message = f"must be 1 to {MAX_KEY_LENGTH} printable characters"
        fault = Fault(loc=("header", "Idempotency-Key"), msg=message, type="value_error")
        raise Invalid(f"Idempotency-Key {message}.", [fault])


def _digest(request: Request) -> str:
    body = cast("bytes", request.data or b"")
    said = b"\n".join([request.path.encode(), request.META.get("HTTP_PREFER", "").encode(), body])
    return blake2b(said, digest_size=16).hexdigest()


def _as_json(answered: Answer) -> Answer:
    """The same answer in plain JSON values, as it is kept."""
    content = orjson.loads(orjson.dumps(answered.content, default=as_number))
    return Answer(content=content, headers=answered.headers)
