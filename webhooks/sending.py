"""One attempt: the signed request, and what follows from its answer."""

import time
from collections.abc import Mapping
from functools import lru_cache

from common.database_clock import database_clock
from common.encryption import Undecryptable, decrypt
from common.spans import Said, SpanKind, are_spans_told, span
from common.trace import traced
from webhooks.answer import Answer
from webhooks.connections import Connections
from webhooks.inbox import INBOX, receive
from webhooks.models import DeliveryState
from webhooks.queue import Claimed, Outcome
from webhooks.schedule import next_attempt_at, retry_after
from webhooks.signing import signature_headers

USER_AGENT = "Karla-Webhooks/1 (+https://www.standardwebhooks.com)"


async def attempt(claimed: Claimed, connections: Connections) -> Outcome:
    """Try once; whatever goes wrong is an outcome, too."""
    if not are_spans_told():
        return await _attempt(claimed, connections, {})
    said: Said = {
        "http.request.method": "POST",
        "karla.webhook": str(claimed.webhook_id),
        "karla.delivery": str(claimed.id),
        "karla.attempt": claimed.number,
    }
    with (
        traced(request_id=claimed.request_id),
        span("webhook attempt", SpanKind.CLIENT, said) as told,
    ):
        outcome = await _attempt(claimed, connections, told.headers)
        status = outcome.answer.status
        if status:
            told.note({"http.response.status_code": status})
        if not outcome.is_success:
            told.fail(str(status or "no response"))
        return outcome


async def _attempt(
    claimed: Claimed, connections: Connections, further_headers: Mapping[str, str]
) -> Outcome:
    started = time.perf_counter()
    headers: dict[str, str] = {}
    body = claimed.body.encode()
    try:
        now = int(database_clock.now().timestamp())
        headers = request_headers(claimed, body, timestamp=now)
        headers |= further_headers
        if claimed.url == INBOX:
            answer = receive(headers, body, secret=_decrypted(claimed.secret), now=now)
        else:
            answer = await connections.post(claimed.url, headers, body)
    except Undecryptable as problem:
        answer = Answer(error=str(problem))
    return outcome_of(
        claimed, headers, answer, latency=round(1000 * (time.perf_counter() - started))
    )


def request_headers(claimed: Claimed, body: bytes, *, timestamp: int) -> dict[str, str]:
    kept = (claimed.secret, claimed.previous_secret)
    secrets = [_decrypted(secret) for secret in kept if secret]
    return {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "Accept": "*/*",
        **({"Karla-Test": "true"} if claimed.is_test else {}),
        **({"X-Request-ID": claimed.request_id} if claimed.request_id else {}),
        **signature_headers(
            body, message_id=str(claimed.message_id), secrets=secrets, timestamp=timestamp
        ),
    }


def outcome_of(
    claimed: Claimed, headers: dict[str, str], answer: Answer, *, latency: int
) -> Outcome:
    state, next_at = DeliveryState.SUCCEEDED, None
    if not answer.is_success:
        now = database_clock.now()
        wish = retry_after((answer.headers or {}).get("retry-after"), now=now)
        next_at = next_attempt_at(claimed.retries, now=now, wish=wish)
        state = DeliveryState.PENDING if next_at else DeliveryState.FAILED
    return Outcome(claimed, state, next_at, headers, answer, latency)


@lru_cache(maxsize=4096)
def _decrypted(secret: str) -> str:
    return decrypt(secret)
