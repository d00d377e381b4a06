"""One request, and all that is to be seen of its answer."""

import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.documented_order import documented_order
from tests.faults.installation import HOST, SHOP, Installation

LONGEST = 60.0
"""Seconds, after which a proxy in front would have given up."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    retry_after: str | None
    body: bytes
    seconds: float


def read_orders(installation: Installation) -> Answer:
    return ask(installation, "GET", f"/v1/shops/{SHOP}/orders?order_number=1")


def place_order(installation: Installation, number: str) -> Answer:
    said = documented_order(order_number=number, external_id=f"external-{number}")
    upsert = {"id": number, "order": said, "trackings": []}
    return ask(installation, "PUT", f"/v1/shops/{SHOP}/orders", upsert)


def open_page(installation: Installation) -> Answer:
    """As somebody whose session has to be looked up."""
    return ask(installation, "GET", "/", cookie="sessionid=" + "a" * 32)


def all_at_once(installation: Installation, count: int = 8) -> list[Answer]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(read_orders, [installation] * count))


def ask(
    installation: Installation, method: str, path: str, body: object = None, *, cookie: str = ""
) -> Answer:
    client = http.client.HTTPConnection(HOST, installation.port, timeout=LONGEST)
    headers = {"Cookie": cookie} if cookie else {"Authorization": installation.authorization}
    began = time.monotonic()
    try:
        client.request(
            method,
            path,
            None if body is None else json.dumps(body),
            {**headers, "Content-Type": "application/json"},
        )
        answer = client.getresponse()
        return Answer(
            status=answer.status,
            retry_after=answer.headers["Retry-After"],
            body=answer.read(),
            seconds=time.monotonic() - began,
        )
    finally:
        client.close()
