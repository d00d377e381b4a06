import pytest
from django.test import Client, RequestFactory
from django.views.defaults import bad_request, permission_denied, server_error

from tests.portal.pages import text_of


def test_the_page_of_a_failure_needs_no_database():
    response = server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert "Something broke on our side" in text_of(response)


@pytest.mark.parametrize(
    ("view", "status", "words"),
    [(bad_request, 400, "cannot be understood"), (permission_denied, 403, "may not do this")],
)
def test_refusals_say_what_to_do(view, status, words):
    response = view(RequestFactory().get("/"), Exception())

    assert response.status_code == status
    assert words in text_of(response)


@pytest.mark.django_db
def test_an_unknown_address_says_so():
    response = Client().get("/no/such/page")

    assert response.status_code == 404
    assert "There is nothing here" in text_of(response)
