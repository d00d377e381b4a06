"""One trace from a request to its statements, its task and its webhooks; nothing personal."""

from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from django.test import Client

from common.spans import trace_id_of
from karla_portal.celery import app
from orders.models import Order
from orders.tracking_link import tracking_token
from tests.api import ShopClient
from tests.documented_order import documented_order
from tests.factories import make_shop
from tests.logs.lines import lines_written
from tests.telemetry.collector import attributes_of, collecting
from tests.webhooks.receiver import Receiver, receiving
from tests.webhooks.working import work_until
from webhooks.models import Attempt
from webhooks.services import create_webhook

pytestmark = pytest.mark.django_db(transaction=True)

ERP = {"X-Request-ID": "erp-4711"}


@pytest.fixture(autouse=True)
def spans_told(settings) -> Iterator[None]:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE]
    place = settings.MIDDLEWARE.index("common.middleware.RequestIDMiddleware") + 1
    settings.MIDDLEWARE.insert(place, "karla_portal.telemetry.middleware.SpanMiddleware")
    settings.ROOT_URLCONF = "tests.telemetry.asking"
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]
    with receiving() as receiver:
        yield receiver


def test_a_task_and_its_statements_are_parts_of_the_request_that_asked_for_it() -> None:
    with collecting() as collector, lines_written() as lines:
        Client().get("/asks", headers=ERP)

    request, task = collector.named("GET asks"), collector.named("tests.asked_for")
    [statement] = [span for span in collector.spans if span.parent_span_id == task.span_id]
    assert statement.name == "SELECT"
    assert attributes_of(statement)["db.query.text"] == "SELECT %s::text"
    assert task.parent_span_id == request.span_id
    assert request.parent_span_id == b""
    assert {span.trace_id.hex() for span in collector.spans} == {trace_id_of("erp-4711")}
    assert attributes_of(request)["http.response.status_code"] == 200
    assert collector.services == {"karla-portal"}
    [line] = lines.of("request.answered")
    assert line["trace_id"] == trace_id_of("erp-4711")


def test_an_attempt_is_of_the_same_trace_and_hands_it_on(receiver) -> None:
    shop = make_shop()
    create_webhook(shop, url=receiver.url())

    with collecting() as collector:
        ShopClient(shop).put(_upsert(), **ERP)
        work_until(Attempt.objects.exists)

    request = collector.named("PUT v1/shops/<slug:slug>/orders")
    attempts = [span for span in collector.spans if span.name == "webhook attempt"]
    assert {span.trace_id for span in attempts} == {request.trace_id}
    assert {attributes_of(span)["http.response.status_code"] for span in attempts} == {200}
    told = {f"00-{span.trace_id.hex()}-{span.span_id.hex()}-01" for span in attempts}
    assert {request.headers["traceparent"] for request in receiver.received} == told
    statements = [span for span in collector.spans if span.parent_span_id == request.span_id]
    assert {span.name for span in statements} >= {"SELECT", "INSERT"}


def test_somebody_elses_trace_is_linked_and_not_gone_on_with() -> None:
    other = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    with collecting() as collector:
        Client().get("/healthz", headers={**ERP, "traceparent": other})
        Client().get("/healthz", headers={**ERP, "traceparent": "no such thing"})

    linked, not_linked = [span for span in collector.spans if span.name == "GET healthz"]
    assert linked.trace_id.hex() == trace_id_of("erp-4711")
    assert [link.span_id.hex() for link in linked.links] == ["b7ad6b7169203331"]
    assert list(not_linked.links) == []


def test_no_secret_and_nothing_of_a_person_is_in_a_span(receiver) -> None:
    shop = make_shop()
    _, secret = create_webhook(shop, url=f"{receiver.url()}?key=hush")
    program = ShopClient(shop)

    with collecting() as collector:
        program.put(_upsert(email_id="zora.quillfeather@customers.example"))
        program.get("/orders?search=Quillfeather")
        program.put(b'{"id": "zora.quillfeather')
        order = Order.objects.of(shop).get()
        token = tracking_token(shop.id, order.id)
        Client(headers={"User-Agent": "quillfeather"}).get(f"/t/{token}?q=quillfeather")
        Client(raise_request_exception=False).get(f"/fails/{token}")
        Client().get("/quillfeather/nowhere")
        Client().get("/asks")
        work_until(Attempt.objects.exists)

    assert len(collector.spans) > 20
    said = collector.raw.decode("latin-1").lower()
    secrets = [token, "hush", program.headers["Authorization"].split()[1], secret]
    for held in [*secrets, "quillfeather", "jane doe", "teststr", "10119", "127.0.0.1"]:
        assert held.lower() not in said, held
    failed = collector.named("GET fails/<str:token>")
    assert attributes_of(failed)["error.type"] == "500"


def _upsert(**changes: str) -> dict:
    order = documented_order(**changes)
    return {"id": order["order_number"], "order": order, "trackings": []}
