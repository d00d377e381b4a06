"""What is answered while the database is away or takes nothing: 503, and when to try again."""

import pytest
from django.db.utils import DataError, InternalError, OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from psycopg import errors

from karla_portal.urls import handler500
from tests.portal.pages import text_of


def answer_to(path: str, error: Exception, cause: Exception | None = None) -> HttpResponse:
    try:
        raise error from cause
    except type(error):
        return handler500(RequestFactory().get(path))


@pytest.mark.parametrize("path", ["/", "/t/some-token"])
def test_pages_say_so_in_words(path: str) -> None:
    response = answer_to(path, OperationalError("gone"))

    assert (response.status_code, response["Retry-After"]) == (503, "1")
    assert "Not available right now" in text_of(response)


def test_customers_pages_keep_their_policy() -> None:
    response = answer_to("/t/some-token", OperationalError("gone"))

    assert "style-src 'self'" in response["Content-Security-Policy"]
    assert response["Referrer-Policy"] == "no-referrer"


def test_programs_are_told_in_their_form() -> None:
    response = answer_to("/v1/shops/a/orders", InternalError(), errors.ReadOnlySqlTransaction())

    assert (response.status_code, response["Retry-After"]) == (503, "1")
    assert b'"key": "unavailable"' in response.content


def test_our_own_mistakes_are_no_outage() -> None:
    assert answer_to("/", DataError()).status_code == 500
