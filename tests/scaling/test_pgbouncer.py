"""The whole product behind a real PgBouncer in transaction mode, few sessions for all of it, and
with two replicas, which have pools of their own.
"""

import json
import shutil
import socket
import tempfile
import threading
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import psycopg
import pytest
from django.conf import settings

from karla_portal.embedded.postgres import DATABASE, Postgres
from karla_portal.embedded.services import running
from tests.documented_order import documented_order
from tests.embedded.patience import eventually
from tests.embedded.population import kill_all_on
from tests.embedded.test_supervisor import HOST, printed_until_ready, start
from tests.scaling.pgbouncer import SESSIONS, pgbouncer, pool_url, shipped_connect_query
from tests.scaling.replica import Replica

ORDERS = 60
AT_ONCE = 12
POOLS = ("pool-1", "pool-2")
"""Of the replicas."""
GIVEN_UP_AFTER = "2"
"""Seconds that a pool waits for its replica, as docs/scaling.md has it."""

pytestmark = pytest.mark.slow


@dataclass
class Receiver:
    """An endpoint that notes which orders' events arrive."""

    server: ThreadingHTTPServer
    heard: list[dict[str, Any]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.server.server_port}/"


@dataclass(frozen=True)
class Product:
    port: int
    credentials: dict[str, Any]
    server: Postgres
    folder: Path

    def api(self, method: str, path: str, body: Any = None) -> Any:
        secret = f"{self.credentials['api_username']}:{self.credentials['api_key']}"
        request = Request(
            f"http://{HOST}:{self.port}/v1/shops/demo/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Basic {b64encode(secret.encode()).decode()}",
                "Content-Type": "application/json",
            },
        )
        with build_opener().open(request, timeout=30) as response:
            text = response.read()
        return json.loads(text) if text else None


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer((HOST, 0), Handler)
    receiver = Receiver(server)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield receiver
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """Its replicas are not there until `replicas` brings them up."""
    folder = Path(tempfile.mkdtemp(prefix="pool-"))
    folder.chmod(0o755)
    data_dir = folder / "data"
    with socket.create_server((HOST, 0)) as free:
        port = int(free.getsockname()[1])
    try:
        with running(data_dir, valkey=False, durable=False):
            server = Postgres(data_dir)
            with (
                pgbouncer(folder / "pool", server.socket_folder) as pool,
                start(
                    data_dir,
                    port,
                    DEMO="1",
                    DATABASE_URL=pool,
                    DATABASE_SESSION_URL=server.url,
                    DATABASE_REPLICA_URL=" ".join(pool_url(folder / name) for name in POOLS),
                    WEBHOOK_ALLOWED_NETWORKS="127.0.0.0/8",
                ) as process,
            ):
                try:
                    printed_until_ready(process)
                    credentials = json.loads((data_dir / "demo.json").read_text())
                    yield Product(port, credentials, server, folder)
                finally:
                    process.terminate()
                    process.wait(timeout=60)
        kill_all_on(data_dir)
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def replicas(product: Product) -> Iterator[list[Replica]]:
    with ExitStack() as stack:
        brought_up = []
        for pool in POOLS:
            replica = Replica(product.folder / f"replica-{pool}", product.server)
            replica.copy_primary()
            replica.start()
            stack.callback(replica.stop)
            stack.enter_context(
                pgbouncer(product.folder / pool, replica.folder, query_wait_timeout=GIVEN_UP_AFTER)
            )
            brought_up.append(replica)
        yield brought_up


def test_the_pool_gives_its_sessions_what_the_product_asks_for() -> None:
    asked = {
        name.strip(): value.strip(" '")
        for name, value in (
            part.removeprefix(" ").removeprefix("SET ").split("=")
            for part in shipped_connect_query().split(";")
        )
    }
    assert asked == settings.SESSION_DEFAULTS


def test_the_main_journeys(product: Product, receiver: Receiver) -> None:
    product.api("POST", "webhooks", {"url": receiver.url, "enabled_events": ["orders"]})

    numbers = [f"pool-{number}" for number in range(ORDERS)]
    with ThreadPoolExecutor(AT_ONCE) as senders:
        list(senders.map(lambda number: upsert(product, number), numbers))
    assert len(product.api("GET", f"orders?{urlencode({'order_number': numbers[0]})}"))
    eventually(lambda: {said_number(body) for body in receiver.heard} >= set(numbers), within=60)

    person = logged_in(product)
    for _ in range(3):
        rows = person(f"/shops/demo/shipments.csv?search={numbers[0]}")
        assert numbers[0] in rows
    assert numbers[1] in person(f"/shops/demo/orders?search={numbers[1]}")
    assert "demo" in person("/shops/demo")

    with psycopg.connect(product.server.url) as database:
        locks = database.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        assert locks.fetchone() == (0,)
        # Sessions of the pool: no more than it may have, however many clients there are.
        sessions = database.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
            " AND application_name = '' AND pid <> pg_backend_pid()"
        )
        assert 1 <= sessions.fetchone()[0] <= SESSIONS


def test_two_replicas_behind_pools_are_read_from_and_missed_by_nobody(
    product: Product, replicas: list[Replica]
) -> None:
    def read(number: str) -> None:
        assert len(product.api("GET", f"orders?{urlencode({'order_number': number})}")) == 1

    def both_are_read_from() -> bool:
        read("pool-first")
        looked_at = [replica.ask(LOOKED_AT, database=DATABASE) for replica in replicas]
        return min(looked_at) > 0

    upsert(product, "pool-first")
    eventually(both_are_read_from, within=60)
    for place in range(10):
        upsert(product, f"pool-mine-{place}")
        read(f"pool-mine-{place}")

    person = logged_in(product)
    eventually(lambda: all_heard(product, replicas))
    replicas[0].kill()
    for place in range(10):
        # Of a program that has written, a replica that is gone is known to be behind; of a reader
        # it is not until it has been silent for a while.
        assert "pool-first" in person("/shops/demo/orders?search=pool-first")
        upsert(product, f"pool-more-{place}")
        read(f"pool-more-{place}")


def all_heard(product: Product, replicas: list[Replica]) -> bool:
    """Whether all that was written until now was replayed."""
    with psycopg.connect(product.server.url) as database:
        [(position,)] = database.execute("SELECT pg_current_wal_flush_lsn()::text").fetchall()
    heard = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
    return all(replica.ask(heard, position) for replica in replicas)


LOOKED_AT = "SELECT seq_scan + idx_scan FROM pg_stat_user_tables WHERE relname = 'orders_order'"


def upsert(product: Product, number: str) -> None:
    order = documented_order(order_number=number, external_id=f"external-{number}")
    tracking = {"tracking_number": f"00340434{number[5:]:0>12}", "tracking_company": "DHL"}
    product.api("PUT", "orders", {"id": number, "order": order, "trackings": [tracking]})


def said_number(body: dict[str, Any]) -> str:
    return body.get("context", {}).get("order", {}).get("order_number", "")


def logged_in(product: Product) -> Any:
    browser = build_opener(HTTPCookieProcessor(jar := CookieJar()))
    site = f"http://localhost:{product.port}"
    page = browser.open(f"{site}/login", timeout=30).read().decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    account = product.credentials["merchant"]
    form = {"username": account["email"], "password": account["password"]}
    answer = browser.open(
        f"{site}/login", urlencode(form | {"csrfmiddlewaretoken": token}).encode(), timeout=30
    )
    assert answer.status == 200
    assert any(cookie.name == "sessionid" for cookie in jar)

    def read(path: str) -> str:
        with browser.open(f"{site}{path}", timeout=30) as response:
            return response.read().decode()

    return read
