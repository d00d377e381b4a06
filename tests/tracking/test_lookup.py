"""Finding an order by its number and ZIP code, and how far guessing gets: nowhere."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from redis import Redis

from tests.factories import make_shop, place
from tests.tracking.pages import customer, page_url
from tracking.attempts import OF_ADDRESS, OF_ORDER, OF_SHOP, Limit

pytestmark = pytest.mark.django_db


def look_up(shop, number, zip_code, address="192.0.2.1"):
    sent = {"number": number, "zip_code": zip_code}
    return customer().post(f"/t/find/{shop.slug}", sent, REMOTE_ADDR=address)


def test_number_and_zip_code_lead_to_the_order():
    shop = make_shop()
    order = place(shop, order_number="A-1", order_name="#1001")

    for number in ("A-1", " #1001 ", "1001"):
        response = look_up(shop, number, " 10119 ")
        assert (response.status_code, response.headers["Location"]) == (302, page_url(order))


def test_zip_codes_are_compared_as_people_write_them():
    shop = make_shop()
    place(shop, order_number="A-1", address={"zip_code": "SW1A 1AA"})

    assert look_up(shop, "A-1", "sw1a1aa").status_code == 302


def test_every_failure_answers_the_same_after_the_same_queries():
    shop, other = make_shop(), make_shop()
    place(shop, order_number="A-1")
    place(shop, order_number="A-2", address={"zip_code": "-.-"})
    place(other, order_number="A-3")
    failing = [("A-1", "10118"), ("A-2", "-.-"), ("A-3", "10119"), ("A-4", "10119")]
    answers, queries = set(), set()

    for number, zip_code in failing:
        with CaptureQueriesContext(connection) as captured:
            response = look_up(shop, number, zip_code)
        shown = response.content.replace(number.encode(), b"").replace(zip_code.encode(), b"")
        answers.add((response.status_code, shown))
        queries.add(len(captured))

    assert len(answers) == len(queries) == 1
    assert answers.pop()[0] == 404


def test_guessing_from_one_address_is_stopped_though_the_last_guess_was_right():
    shop = make_shop()
    place(shop, order_number="A-1")
    for guess in range(OF_ADDRESS.most):
        look_up(shop, f"B-{guess}", "10119")

    stopped, elsewhere = (
        look_up(shop, "A-1", "10119", address) for address in ("192.0.2.1", "192.0.2.2")
    )

    assert stopped.status_code == 404
    assert b"We could not find an order" in stopped.content
    assert elsewhere.status_code == 302


def test_guessing_one_order_from_many_addresses_is_stopped():
    shop = make_shop()
    place(shop, order_number="A-1")
    for guess in range(OF_ORDER.most):
        look_up(shop, "A-1", f"1000{guess}", f"192.0.2.{guess}")

    assert look_up(shop, "a-1", "10119", "198.51.100.1").status_code == 404


def test_many_orders_from_many_addresses_are_stopped(monkeypatch):
    shop = make_shop()
    place(shop, order_number="A-1")
    few = Limit(most=20, seconds=OF_SHOP.seconds)
    monkeypatch.setattr("tracking.attempts.OF_SHOP", few)
    for guess in range(few.most):
        look_up(shop, f"B-{guess}", "10119", f"192.0.2.{guess}")

    assert look_up(shop, "A-1", "10119", "198.51.100.1").status_code == 404


def test_the_addresses_of_one_ipv6_network_count_as_one():
    shop = make_shop()
    place(shop, order_number="A-1")
    for guess in range(OF_ADDRESS.most):
        look_up(shop, f"B-{guess}", "10119", f"2001:db8::{guess}")

    assert look_up(shop, "A-1", "10119", "2001:db8::ffff").status_code == 404
    assert look_up(shop, "A-1", "10119", "2001:db8:0:1::1").status_code == 302


def test_shops_do_not_use_up_each_others_attempts():
    shop, other = make_shop(), make_shop()
    place(shop, order_number="A-1")
    for guess in range(OF_ADDRESS.most + 1):
        look_up(other, f"B-{guess}", "10119")

    assert look_up(shop, "A-1", "10119").status_code == 302


def test_without_counters_nobody_may_try(monkeypatch):
    shop = make_shop()
    place(shop, order_number="A-1")
    monkeypatch.setattr("tracking.attempts.cache_server", unreachable)

    assert look_up(shop, "A-1", "10119").status_code == 404


def test_a_shop_that_does_not_exist_has_no_look_up():
    assert Client().get("/t/find/no-such-shop").status_code == 404


def test_text_that_no_database_takes_finds_nothing():
    assert look_up(make_shop(), "A\x00", "10119").status_code == 404


def unreachable():
    return Redis(unix_socket_path="/nonexistent", socket_connect_timeout=0.1)
