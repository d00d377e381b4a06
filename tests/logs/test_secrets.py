"""No secret and no personal data in any line, whatever goes right or wrong."""

import logging

import pytest
from aiohttp import web
from celery.worker.consumer.consumer import UNKNOWN_TASK_ERROR
from django.contrib.auth import get_user_model
from django.test import Client

from karla_portal.celery import app
from notices.sending import MailSender
from orders.tracking_link import tracking_page_url
from shops.models import Role
from tests.admin.pages import log_in
from tests.api import ShopClient, basic
from tests.documented_order import documented_order
from tests.factories import make_member, make_shop, place
from tests.logs.lines import Lines
from tests.notices.mail_server import MailServer, accept, serving_mail
from tests.notices.telling import parcel, report, switch_on
from tests.portal.pages import member_client
from tests.webhooks.working import work_until
from webhooks.dispatch import dispatch
from webhooks.models import Attempt
from webhooks.services import create_webhook

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL = "zora.quillfeather@customers.example"
NAME = "Zora Quillfeather"
STREET = "Peppercorn Lane 77"
PHONE = "+49 30 5550199"
ZIP = "98765"
PASSWORD = "correct-horse-battery-zq"
PERSONAL = [EMAIL, "zora", "quillfeather", "peppercorn", "5550199", ZIP, PASSWORD]


def assert_silent(lines: Lines, *secrets: str) -> None:
    text = lines.text.lower()
    assert lines.all, "nothing was written at all"
    told = [secret for secret in [*PERSONAL, *secrets] if secret.lower() in text]
    assert told == [], [
        line for line in lines.text.splitlines() if any(one.lower() in line.lower() for one in told)
    ]


def hers(**changes: object) -> dict[str, object]:
    address = {"zip_code": ZIP, "name": NAME, "street": STREET, "phone": PHONE}
    return documented_order(**{"email_id": EMAIL, "address": address, **changes})


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def failing(settings) -> None:
    settings.ROOT_URLCONF = "tests.logs.failing"


def test_what_programs_send_and_search_for(shop, lines):
    program = ShopClient(shop, role=Role.ADMIN)
    key = program.headers["Authorization"]
    order = hers()
    assert program.put({"id": "11334422", "order": order, "trackings": []}).status_code == 200
    assert program.post(order).status_code == 409
    assert program.get(f"/orders?email_id={EMAIL}&zip_code={ZIP}").status_code == 200
    assert program.get(f"/orders?{EMAIL}=1").status_code == 422
    assert program.put(b'{"email": "' + EMAIL.encode() + b'"').status_code == 400
    assert program.put({"id": EMAIL, "order": hers(total_order_price=NAME)}).status_code == 422
    assert program.get(f"/orders/{EMAIL}").status_code in {404, 422}
    assert program.get(f"/nothing/{EMAIL}").status_code == 404
    program.headers = {"Authorization": basic(EMAIL, "a-wrong-key-of-zora")}
    assert program.get().status_code == 401

    assert_silent(lines, key, key.removeprefix("Basic "))
    assert {line["status"] for line in lines.of("request.answered")} >= {200, 401, 404, 409, 422}


@pytest.mark.parametrize("how", ["value", "unique", "syntax", "chained"])
def test_errors_that_nobody_foresaw(shop, lines, failing, how):
    make_member(shop, email=EMAIL)
    place(shop, email_id=EMAIL, order_name=NAME)

    response = ShopClient(shop).post({"email_id": EMAIL, "name": NAME}, f"/fail/{how}")

    assert response.status_code == 500
    assert_silent(lines)
    [told] = lines.of("request.failed")
    assert any(where.startswith("tests/logs/failing.py") for where in told["errors"][0]["where"])
    if how == "unique":
        assert any(one.get("sqlstate") == "23505" for one in told["errors"])
        assert any(one.get("table") == "shops_user" for one in told["errors"])


def test_tokens_of_tracking_pages(shop, lines, failing):
    order = place(shop, email_id=EMAIL, address=hers()["address"])
    token = tracking_page_url(shop.id, order.id).rpartition("/")[2]
    customer = Client(raise_request_exception=False)

    assert customer.get(f"/t/{token}").status_code == 200
    assert customer.get(f"/t/{token[:-2]}").status_code == 404
    assert customer.post(f"/t/{token}/claims/begin", {"flow": EMAIL}).status_code < 500
    assert customer.post(f"/t/find/{shop.slug}", {"number": "1", "zip_code": ZIP}).status_code < 500
    assert customer.get(f"/t/{token}/fail?q={EMAIL}").status_code == 500

    assert_silent(lines, token, token[:-2])
    answered = lines.of("request.answered")
    assert {line["call"] for line in answered if line["status"] == 200} >= {"GET /t/{token}"}


def test_people_log_in_search_and_mistype(shop, lines):
    make_member(shop, email=EMAIL, password=PASSWORD)
    browser = Client()
    for password in (PASSWORD[:-1], PASSWORD):
        browser.post("/login", {"username": EMAIL, "login": EMAIL, "password": password})
    browser.post("/account/password/forgotten", {"email": EMAIL})
    member = member_client(shop, Role.ADMIN, email="admin-zora@shops.example")
    place(shop, email_id=EMAIL, address=hers()["address"])
    assert member.get(f"/shops/{shop.slug}/orders", {"q": NAME}).status_code == 200
    assert member.get(f"/shops/{shop.slug}/orders/{EMAIL}").status_code == 404

    assert_silent(lines)


def test_the_back_office(shop, lines):
    user = get_user_model().objects.create_superuser("staff-zora@shops.example", PASSWORD)
    client = log_in(user)
    place(shop, email_id=EMAIL, address=hers()["address"])
    assert client.get("/admin/orders/order/", {"q": EMAIL}).status_code == 200
    assert client.get(f"/admin/orders/order/{EMAIL}/change/").status_code in {302, 404}

    assert_silent(lines)
    assert {line["caller"] for line in lines.of("request.answered")} == {f"user {user.pk}"}


def test_tasks_with_their_arguments(lines):
    @app.task(name="tests.fails", shared=False)
    def fails(said: str, *, name: str) -> None:
        raise ValueError(f"{said} of {name}")

    fails.apply(args=[EMAIL], kwargs={"name": NAME})
    consumer = logging.getLogger("celery.worker.consumer.consumer")
    consumer.error(UNKNOWN_TASK_ERROR, ValueError(EMAIL), [EMAIL], {"name": NAME}, NAME)

    assert_silent(lines)
    [failed] = [line for line in lines.all if "tests.fails" in line["event"]]
    assert failed["errors"][0]["type"] == "ValueError"


def test_webhooks_that_fail(shop, lines, receiver):
    receiver.respond = lambda received: web.Response(status=500, text=EMAIL)
    address = receiver.url(f"/hook?token=a-token-of-zora&to={EMAIL}")
    _, secret = create_webhook(shop, url=address)
    create_webhook(shop, url="http://127.0.0.1:9/zora")
    place(shop, email_id=EMAIL, address=hers()["address"])

    work_until(lambda: Attempt.objects.count() >= 2)

    assert_silent(lines, secret)
    assert {line["status"] for line in lines.of("webhooks.attempted")} == {500, None}


def test_mails_that_go_out_and_that_are_refused(shop, lines, settings):
    switch_on(shop, "shipment_out_for_delivery")
    for number in range(2):
        report(parcel(shop, order_number=f"A-{number}", email_id=EMAIL, address=hers()["address"]))
        dispatch()
        refused = {"RCPT": f"550 no such user {EMAIL}"} if number else {}
        with serving_mail(
            settings, MailServer(lambda said, no=refused: no.get(said, accept(said)))
        ):
            MailSender().send_due()
    settings.EMAIL_PORT = 9  # where nobody listens
    report(parcel(shop, order_number="A-3", email_id=EMAIL, address=hers()["address"]))
    dispatch()
    MailSender().send_due()

    assert_silent(lines)
    assert {line["state"] for line in lines.of("notices.handed_over")} == {"sent", "failed"}
    assert lines.of("notices.mail_server_away")
