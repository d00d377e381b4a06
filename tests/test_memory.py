"""Answers are freed as they have been sent, not when the garbage collector comes; and what is
remembered takes little."""

import gc
import tracemalloc
import weakref
from collections.abc import Iterator

import orjson
import pytest
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from django.test.client import ClientHandler

from common.json_text import short_json
from shops.models import Role
from tests.api import basic
from tests.factories import fulfil, make_key, make_shop, place

UPSERT = {"id": "A-1", "trackings": [{"tracking_number": "111111"}]}


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/orders", None, 200),
        ("PUT", "/orders", UPSERT, 200),
        ("PUT", "/orders/bulk", [UPSERT], 200),
        ("PUT", "/orders", {"id": None}, 422),
        ("GET", "/orders/unknown", None, 404),
        ("GET", "/analytics/claim_rate?from=2026-01-01&to=2026-01-31", None, 200),
        ("DELETE", "/orders", None, 405),
    ],
)
@pytest.mark.django_db
def test_nothing_holds_an_answer_that_was_sent(
    no_collector: None, method: str, path: str, body: object, status: int
) -> None:
    shop = make_shop()
    fulfil(shop, place(shop, order_number="A-1"), "111111")
    _, secret = make_key(shop, Role.EDITOR)
    credentials = {"Authorization": basic(shop.slug, secret)}

    def response() -> HttpResponseBase:
        content = b"" if body is None else orjson.dumps(body)
        url = f"/v1/shops/{shop.slug}{path}"
        request = RequestFactory().generic(
            method, url, content, content_type="application/json", headers=credentials
        )
        return ClientHandler()(request.environ)

    response()  # remembers what is to be remembered
    sent = response()
    assert sent.status_code == status
    answer = weakref.ref(sent)
    del sent

    assert answer() is None


def test_a_remembered_text_holds_no_more_than_itself() -> None:
    tracemalloc.start()
    try:
        remembered = [short_json(f"https://carrier.example/{number}") for number in range(100)]
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held / len(remembered) < 200
