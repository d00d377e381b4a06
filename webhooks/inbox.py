"""A shop's test inbox: an endpoint inside the product, for who has none yet.

A webhook whose address is this one is queued, signed, tried and kept as any other; only the last
step is not a network's. So nothing has to be allowed to reach the product itself, and what is kept
of deliveries anyway (`webhooks.models.Attempt`) is what came in.
"""

from collections.abc import Mapping
from http import HTTPStatus

from webhooks.answer import Answer
from webhooks.signing import is_genuine

INBOX = "inbox:"
"""No host can be named so: nothing is ever connected for it."""

ACCEPTED = '{"signature": "right"}'
REFUSED = '{"signature": "wrong"}'


def receive(headers: Mapping[str, str], body: bytes, *, secret: str, now: int) -> Answer:
    """As a receiver does that checks the signature first (docs/receivers). `now`: Unix seconds."""
    is_right = is_genuine(headers["Karla-Signature"], body, secret, now=now)
    return Answer(
        status=HTTPStatus.OK if is_right else HTTPStatus.UNAUTHORIZED,
        headers={"content-type": "application/json"},
        body=ACCEPTED if is_right else REFUSED,
    )
