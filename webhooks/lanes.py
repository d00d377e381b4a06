"""What a worker has in hand for each endpoint: what waits, what is in flight, how it goes."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from webhooks.queue import Claimed, Outcome

FEWEST_IN_FLIGHT, IN_FLIGHT = 6, 32
"""Requests at once to one endpoint, from one worker: more where answers take longer."""
PER_MORE = 20
"""Milliseconds of latency for each request more. What is in flight when a worker is killed comes
twice, so there is no more of it than keeps the endpoint busy."""
WAITING = 160
"""Deliveries taken ahead, so that the database is asked for many at a time."""
FAILURES_IN_A_ROW = 5
"""After so many the breaker opens."""
TIME_TO_SEND = timedelta(seconds=17)
"""A lease must last longer than a request, and writing down what became of it."""


@dataclass
class Lane:
    shop_id: UUID
    webhook_id: UUID
    waiting: deque[Claimed] = field(default_factory=deque)
    in_flight: int = 0
    latency: float = 0
    """Milliseconds, smoothed."""
    failures: int = 0
    """In a row."""
    is_resting: bool = False
    """Its breaker was opened, and no probe was taken since."""
    is_probing: bool = False
    may_have_more: bool = False
    """The queue gave as much as there was room for."""

    @property
    def most_in_flight(self) -> int:
        return min(FEWEST_IN_FLIGHT + int(self.latency / PER_MORE), IN_FLIGHT)

    @property
    def room(self) -> int:
        """How many more to take; none ahead while nobody knows whether the endpoint answers."""
        if self.is_probing:
            return 0
        most = self.most_in_flight + (0 if self.failures else WAITING)
        return max(0, most - self.in_flight - len(self.waiting))

    @property
    def may_send(self) -> bool:
        return bool(self.waiting) and self.in_flight < self.most_in_flight

    @property
    def is_idle(self) -> bool:
        return not (self.in_flight or self.waiting or self.failures)

    @property
    def wants_more(self) -> bool:
        return self.may_have_more and len(self.waiting) < WAITING // 2

    def add(self, claimed: Claimed) -> None:
        self.waiting.append(claimed)
        self.is_resting = False
        self.is_probing = self.is_probing or claimed.is_probe

    def take_next(self, now: datetime) -> Claimed | None:
        """The next to send; those whose lease is about to end are somebody else's soon."""
        while self.may_send:
            claimed = self.waiting.popleft()
            if claimed.leased_until - now > TIME_TO_SEND:
                self.in_flight += 1
                return claimed
        return None

    def take_back(self) -> list[Claimed]:
        """What waits, and will not be sent."""
        waiting = list(self.waiting)
        self.waiting.clear()
        return waiting

    def note(self, outcome: Outcome) -> bool:
        """Count the outcome; whether the breaker has to open."""
        self.latency += (outcome.latency - self.latency) / 10
        if outcome.is_success:
            self.failures, self.is_probing = 0, False
            return False
        self.failures += 1
        opens = (outcome.claimed.is_probe and self.is_probing) or (
            self.failures >= FAILURES_IN_A_ROW and not self.is_resting
        )
        self.is_probing = False
        self.is_resting = self.is_resting or opens
        if opens:
            self.failures = 0
        return opens
