"""Shops' programs that place orders, send scans and file claims, as real ones do: what was not
acknowledged is sent again. What was, is noted down."""

import http.client
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.documented_order import documented_order
from tests.faults.installation import HOST, SHOP, Installation

TIMEOUT = 15.0
PAUSE = 0.1
"""Seconds before what was not acknowledged is sent again."""


@dataclass
class Acknowledged:
    orders: list[str] = field(default_factory=list)
    scans: list[str] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    refusals: list[tuple[str, int, bytes]] = field(default_factory=list)
    """Answers that no fault excuses: a client's error."""
    troubles_by_status: Counter[int] = field(default_factory=Counter)
    """Answers from 500 on, and 0 for connections that broke: sent again."""
    answers: int = 0
    """With success, to whatever was asked."""
    longest_silence: float = 0.0
    """Seconds between two answers with success, whoever asked."""
    answered_at: float | None = None
    noting: threading.Lock = field(default_factory=threading.Lock)

    @property
    def troubles(self) -> int:
        return self.troubles_by_status.total()

    def troubles_in_words(self) -> str:
        kinds = sorted(self.troubles_by_status.items())
        return ", ".join(f"{count}× {status or 'broken'}" for status, count in kinds) or "0"

    def note_answer(self) -> None:
        with self.noting:
            now = time.monotonic()
            if self.answered_at is not None:
                self.longest_silence = max(self.longest_silence, now - self.answered_at)
            self.answered_at = now
            self.answers += 1


class Traffic:
    def __init__(self, installation: Installation, *, programs: int = 3, name: str = "") -> None:
        """`name` keeps its orders apart from those of other runs."""
        self.name = name
        self.installation = installation
        self.acknowledged = Acknowledged()
        self.is_over = threading.Event()
        self.threads = [
            threading.Thread(target=self._run, args=(number,)) for number in range(programs)
        ]

    def __enter__(self) -> Acknowledged:
        for thread in self.threads:
            thread.start()
        return self.acknowledged

    def __exit__(self, *problem: object) -> None:
        self.is_over.set()
        for thread in self.threads:
            thread.join(120)
            assert not thread.is_alive()

    def _run(self, program: int) -> None:
        number = 0
        while not self.is_over.is_set():
            number += 1
            self._order(f"{self.name}-{program}-{number}")

    def _order(self, number: str) -> None:
        tracking = f"PARCEL-{number}"
        said = documented_order(order_number=number, external_id=f"external-{number}")
        upsert = {"id": number, "order": said, "trackings": [{"tracking_number": tracking}]}
        if self._until_acknowledged("PUT", "/orders", upsert) is None:
            return
        self.acknowledged.orders.append(number)
        found = self._until_acknowledged("GET", f"/orders?order_number={number}")
        if not found:
            return
        shipment = found[0]["shipments"][0]["uuid"]
        scan = {
            "event_name": "SUCCESSFULLY_DELIVERED",
            "event_time": datetime.now(UTC).isoformat(),
            "external_id": f"scan-{number}",
        }
        if self._until_acknowledged("POST", f"/shipments/{shipment}/events", scan) is not None:
            self.acknowledged.scans.append(scan["external_id"])
        claim = {"shipment_id": shipment, "reason": "damage", "description": number}
        if (filed := self._until_acknowledged("POST", "/claims", claim)) is not None:
            self.acknowledged.claims.append(filed["uuid"])

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """One request that must succeed; also when all is over."""
        status, answer = self._send(method, path, body)
        assert 200 <= status < 300, answer
        return json.loads(answer or b"null")

    def _until_acknowledged(self, method: str, path: str, body: object = None) -> Any:
        """What was answered, {} for nothing; None when it is over, or was refused."""
        while True:
            try:
                status, answer = self._send(method, path, body)
            except (OSError, http.client.HTTPException):
                status, answer = 0, b""
            if 200 <= status < 300:
                self.acknowledged.note_answer()
                return json.loads(answer) or {}
            if 400 <= status < 500:
                self.acknowledged.refusals.append((path, status, answer))
                return None
            self.acknowledged.troubles_by_status[status] += 1
            if self.is_over.is_set():
                return None
            time.sleep(PAUSE)

    def _send(self, method: str, path: str, body: object) -> tuple[int, bytes]:
        client = http.client.HTTPConnection(HOST, self.installation.port, timeout=TIMEOUT)
        try:
            client.request(
                method,
                f"/v1/shops/{SHOP}{path}",
                None if body is None else json.dumps(body),
                {
                    "Authorization": self.installation.authorization,
                    "Content-Type": "application/json",
                },
            )
            answer = client.getresponse()
            return answer.status, answer.read()
        finally:
            client.close()
