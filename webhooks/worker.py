"""The process that tells: relays facts into the queues, and sends what is due, many at a time.

`manage.py deliver` runs one; there may be as many as you like. What it does stands in PostgreSQL
before and after; a nudge (events.nudge) only makes it look sooner than it would by itself. It may
be killed at any point.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TypeVar
from uuid import UUID

import structlog
from django.conf import settings
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    connection,
    connections,
)
from redis import RedisError
from redis.asyncio import Redis

from common.database_clock import database_clock
from common.heartbeats import EVERY, SENDER, note_alive
from common.logs.errors import brief
from events.nudge import channel_of
from notices.sending import MailSender
from webhooks.attempt_log import log_attempt
from webhooks.connections import Connections
from webhooks.dispatch import dispatch
from webhooks.health import rest
from webhooks.lanes import FEWEST_IN_FLIGHT, WAITING, Lane
from webhooks.queue import (
    Claimed,
    Outcome,
    claim,
    record_outcomes,
    release,
    trade_durability_for_speed,
)
from webhooks.replay import run_replays
from webhooks.sending import attempt

NEW_LANE = FEWEST_IN_FLIGHT + WAITING
GLANCE = 0.5
"""Seconds after which it looks for itself, nudged or not."""
PATIENCE = 0.5
"""Seconds before something that failed is tried again."""
MOST_IN_HAND = 4_000
"""Deliveries taken and not yet written down, of all endpoints."""
RECORDED_AT_ONCE = 500
GATHERING, ENOUGH = 0.01, 32
"""Seconds in which outcomes come together, and how many need no more company."""
MOST_UNWRITTEN = 96
"""Outcomes; then nothing more is sent until they are written down. What a killed worker had not
written comes twice, and while the database is away there is no end to it."""
RESOLVERS = 64
"""Threads that look names up: a slow name server holds up its own endpoint only."""

QUICK = ("claim", "record")
"""What may be done again after a crash of the database's machine."""

AWAY = (DatabaseError, InterfaceError)

Result = TypeVar("Result")
log = structlog.get_logger()


class Worker:
    def __init__(self) -> None:
        self.lanes: dict[UUID, Lane] = {}
        self.outcomes: list[Outcome] = []
        self.facts_wanted = asyncio.Event()
        self.claims_wanted = asyncio.Event()
        self.mails_wanted = asyncio.Event()
        self.outcomes_wanted = asyncio.Event()
        self.outcomes_enough = asyncio.Event()
        self.stopping = asyncio.Event()
        self.sends: set[asyncio.Task[None]] = set()
        self.mail_sender = MailSender()
        # A thread for each kind of work, and so a database connection for each.
        self.threads = {
            name: ThreadPoolExecutor(1, thread_name_prefix=name)
            for name in ("dispatch", "claim", "record", "mail")
        }

    async def run(self) -> None:
        """Until `stopping` is set; what is in flight then is finished and written down."""
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(RESOLVERS))
        async with Connections() as self.connections:
            taking = [
                asyncio.create_task(self.listen()),
                asyncio.create_task(self.tell_that_it_is_alive()),
                asyncio.create_task(self.each(self.facts_wanted, self.dispatch)),
                asyncio.create_task(self.each(self.claims_wanted, self.claim)),
                asyncio.create_task(self.each(self.mails_wanted, self.mail)),
            ]
            recording = asyncio.create_task(self.each(self.outcomes_wanted, self.record))
            await self.stopping.wait()
            await _end(*taking)
            await self.give_back([c for lane in self.lanes.values() for c in lane.take_back()])
            if self.sends:
                await asyncio.wait(self.sends)
            while self.outcomes:
                self.outcomes_wanted.set()
                await asyncio.sleep(0.01)
            await _end(recording)
        for name in self.threads:
            await self.in_thread(name, connections.close_all)

    async def each(self, wanted: asyncio.Event, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work when it is wanted, and every GLANCE; a database that is away comes back."""
        is_troubled = False
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(GLANCE):
                    await wanted.wait()
            wanted.clear()
            try:
                await work()
                is_troubled = False
            except Exception as problem:
                if not is_troubled:  # said once
                    log.exception("webhooks.troubled", problem=brief(problem))
                is_troubled = True
                wanted.set()
                await asyncio.sleep(PATIENCE)

    async def listen(self) -> None:
        """For nudges; without a server to hear them from, GLANCE has to do."""
        url: str = settings.CACHES["default"]["LOCATION"]
        while True:
            with suppress(RedisError, OSError):
                async with Redis.from_url(url, socket_connect_timeout=2) as server:
                    heard = server.pubsub(ignore_subscribe_messages=True)
                    await heard.subscribe(channel_of(server))
                    while True:
                        if await heard.get_message(timeout=30):
                            self.facts_wanted.set()
                            self.claims_wanted.set()
                            self.mails_wanted.set()
            await asyncio.sleep(PATIENCE)

    async def tell_that_it_is_alive(self) -> None:
        """In the thread that relays, so that it falls silent with it."""
        while True:
            await self.in_thread("dispatch", partial(note_alive, SENDER))
            await asyncio.sleep(EVERY)

    async def dispatch(self) -> None:
        relayed = await self.in_thread("dispatch", dispatch)
        replayed = await self.in_thread("dispatch", run_replays)
        if relayed or replayed:
            self.facts_wanted.set()
            self.claims_wanted.set()
            self.mails_wanted.set()

    async def mail(self) -> None:
        """In a thread of its own: a mail server that is slow or away holds up mails only."""
        send = partial(self.mail_sender.send_due, is_over=self.stopping.is_set)
        await self.in_thread("mail", send)

    async def claim(self) -> None:
        in_hand = sum(lane.in_flight + len(lane.waiting) for lane in self.lanes.values())
        if in_hand + len(self.outcomes) >= MOST_IN_HAND:
            return
        room = {key: lane.room for key, lane in self.lanes.items()}
        ask = partial(claim, room=room, elsewhere=NEW_LANE)
        claimed = await self.in_thread("claim", ask)
        for one in claimed:
            lane = self.lanes.setdefault(one.webhook_id, Lane(one.shop_id, one.webhook_id))
            lane.add(one)
        given = Counter(one.webhook_id for one in claimed)
        for key, lane in list(self.lanes.items()):
            lane.may_have_more = given[key] >= room.get(key, NEW_LANE)
            self.fill(lane)
            if lane.is_idle:
                del self.lanes[key]

    def fill(self, lane: Lane) -> None:
        while claimed := self.next_of(lane):
            task = asyncio.create_task(self.send(lane, claimed))
            self.sends.add(task)
            task.add_done_callback(self.sends.discard)

    async def send(self, lane: Lane, first: Claimed) -> None:
        """Send it and then, without another task, the next ones of its lane."""
        claimed: Claimed | None = first
        while claimed is not None:
            try:
                outcome = await attempt(claimed, self.connections)
            finally:
                lane.in_flight -= 1
            self.outcomes.append(outcome)
            self.outcomes_wanted.set()
            if len(self.outcomes) >= ENOUGH:
                self.outcomes_enough.set()
            if lane.note(outcome):
                await self.rest(lane)
            claimed = self.next_of(lane)
            if claimed is not None:
                self.fill(lane)  # where the bound has grown
            if lane.wants_more:
                self.claims_wanted.set()

    def next_of(self, lane: Lane) -> Claimed | None:
        if self.stopping.is_set() or len(self.outcomes) >= MOST_UNWRITTEN or not lane.may_send:
            return None
        return lane.take_next(database_clock.now())

    async def rest(self, lane: Lane) -> None:
        """Open the lane's breaker, and give back what waits in it."""
        log.info("webhooks.rests", webhook=str(lane.webhook_id))
        waiting = lane.take_back()
        with suppress(*AWAY):  # then the next failures open it
            await self.in_thread("claim", partial(rest, lane.shop_id, lane.webhook_id))
        await self.give_back(waiting)

    async def give_back(self, waiting: list[Claimed]) -> None:
        if waiting:
            with suppress(*AWAY):  # then their leases end
                await self.in_thread("claim", partial(release, waiting))

    async def record(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(GATHERING):
                await self.outcomes_enough.wait()
        if outcomes := self.outcomes[:RECORDED_AT_ONCE]:
            await self.in_thread("record", partial(_record, outcomes))
            del self.outcomes[: len(outcomes)]
            if len(self.outcomes) < ENOUGH:
                self.outcomes_enough.clear()
            for lane in self.lanes.values():
                self.fill(lane)
        if self.outcomes:
            self.outcomes_wanted.set()

    async def in_thread(self, name: str, work: Callable[[], Result]) -> Result:
        loop = asyncio.get_running_loop()
        run = partial(_with_connection, work, is_quick=name in QUICK)
        return await loop.run_in_executor(self.threads[name], run)


def _record(outcomes: list[Outcome]) -> None:
    """All at once; should the database not take one of them, the others all the same."""
    for outcome in outcomes:
        log_attempt(outcome)
    try:
        record_outcomes(outcomes)
    except (DataError, IntegrityError):
        for outcome in outcomes:
            try:
                record_outcomes([outcome])
            except (DataError, IntegrityError):
                log.exception("webhooks.not_recorded", delivery=str(outcome.claimed.id))


def _with_connection(work: Callable[[], Result], *, is_quick: bool) -> Result:
    """With a connection that is not left broken for the next one."""
    try:
        if connection.connection is None and is_quick:
            trade_durability_for_speed()
        return work()
    except AWAY:
        connection.close()
        raise


async def _end(*tasks: "asyncio.Task[None]") -> None:
    """Cancel them, more than once if need be: an error of a connection that is being closed takes
    the place of the cancellation, and who lives on after errors would live on for ever."""
    running = set(tasks)
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=PATIENCE)
