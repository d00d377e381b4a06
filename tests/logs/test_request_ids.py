"""One id from a shop's own log through request, task, webhook and mail."""

from collections.abc import Iterator

import pytest
import structlog
from django.test import Client

from common.routes import call_of, via_of
from common.trace import Trace, Via, current_trace, traced
from karla_portal.celery import app
from notices.models import Mail
from shops.models import Role
from tests.api import ShopClient
from tests.documented_order import documented_order
from tests.factories import make_shop
from tests.notices.mail_server import serving_mail
from tests.notices.telling import switch_on
from tests.portal.pages import member_client
from tests.webhooks.working import work_until
from webhooks.models import Attempt, Message
from webhooks.services import create_webhook

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_request_is_found_again_in_its_webhooks_and_its_mails(lines, receiver, settings):
    shop = make_shop()
    create_webhook(shop, url=receiver.url())
    switch_on(shop, "order_placed")
    order = documented_order()

    ShopClient(shop).post(order, **{"X-Request-ID": "erp-4711"})
    with serving_mail(settings) as server:
        work_until(lambda: Attempt.objects.exists() and bool(server.accepted))

    [received] = receiver.received
    assert received.headers["X-Request-ID"] == "erp-4711"
    assert Message.objects.get().request_id == Mail.objects.get().request_id == "erp-4711"
    [mail] = server.accepted
    assert mail["X-Request-ID"] == "erp-4711"
    of_it = {line["event"] for line in lines.all if line.get("request_id") == "erp-4711"}
    assert of_it >= {"request.answered", "webhooks.attempted", "notices.handed_over"}


def test_a_request_without_an_id_gets_one_and_its_line_has_it(lines):
    response = Client().get("/healthz")

    [line] = lines.of("request.answered")
    assert line["request_id"] == response["X-Request-ID"]


def test_a_line_says_which_key_or_person_and_which_shop(lines):
    shop = make_shop()
    program = ShopClient(shop)
    program.get()
    member_client(shop, Role.VIEWER).get(f"/shops/{shop.slug}/orders")
    Client().get("/healthz")

    by_key, by_person, by_nobody = lines.of("request.answered")
    assert by_key["caller"].startswith("key ")
    assert (by_key["shop"], by_key["via"], by_key["call"]) == (shop.slug, "api", "GET /orders")
    assert by_person["caller"].startswith("user ")
    assert (by_person["shop"], by_person["via"]) == (shop.slug, "portal")
    assert "caller" not in by_nobody
    assert "shop" not in by_nobody


seen: list[Trace] = []


@app.task(name="tests.notes", shared=False)
def notes() -> None:
    """Keeps what a task sees of its trace."""
    seen.append(current_trace())
    structlog.get_logger().info("noted")


@pytest.fixture
def at_once() -> Iterator[None]:
    """Tasks run where they are asked for."""
    seen.clear()
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def test_a_task_goes_on_in_the_request_that_asked_for_it(at_once, lines):
    with traced(actor="ada@example.com", request_id="erp-1"):
        notes.delay()

    [trace] = seen
    assert (trace.request_id, trace.actor, trace.via) == ("erp-1", "system", Via.TASK)
    [line] = lines.of("noted")
    assert (line["request_id"], line["call"]) == ("erp-1", "tests.notes")


def test_a_task_that_nobody_asked_for_has_an_id_of_its_own(at_once):
    task_id = notes.delay().id

    assert seen[0].request_id == task_id


@pytest.mark.parametrize(
    ("route", "via", "call"),
    [
        ("v1/shops/<slug:slug>/orders", Via.API, "PUT /orders"),
        ("v1/shops/<slug:slug>/orders/<order_id>", Via.API, "PUT /orders/{order_id}"),
        ("v1/feeds/<token>/aftership", Via.FEED, "PUT /v1/feeds/{token}/aftership"),
        ("shops/<slug:slug>/orders/<uuid:id>/x", Via.PORTAL, "PUT /orders/{id}/x"),
        (
            "admin/orders/order/<path:object_id>/",
            Via.BACK_OFFICE,
            "PUT /admin/orders/order/{object_id}/",
        ),
        ("t/<str:token>/claims", Via.CUSTOMER, "PUT /t/{token}/claims"),
        (
            r"^account/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)$",
            Via.PORTAL,
            "PUT /account/new/{uidb36}-{key}",
        ),
    ],
)
def test_a_call_is_named_by_its_route(route, via, call):
    assert (via_of(route), call_of("PUT", route)) == (via, call)
