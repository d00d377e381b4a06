import pytest
from django.test import Client, RequestFactory
from django.views.defaults import bad_request, permission_denied, server_error

from shops.models import User
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
@pytest.mark.parametrize(
    ("path", "allowed", "back"),
    [
        ("/shops/demo/orders/01890000-0000-7000-8000-000000000000/cancel", "POST", "/orders"),
        ("/shops/demo/notices/customers/order_placed/test", "POST", "/shops/demo/notices"),
        ("/theme", "POST", "/"),
        ("/admin/logout/", "POST, OPTIONS", "/admin/"),
    ],
)
def test_an_address_of_a_form_that_is_opened_as_a_page_leads_back(path, allowed, back):
    staff = User.objects.create_superuser("staff@operator.example")
    client = Client()
    client.force_login(staff)

    response = client.get(path)

    assert (response.status_code, response["Allow"]) == (405, allowed)
    assert "cannot be opened by itself" in text_of(response)
    assert f'{back}">' in response.content.decode()


@pytest.mark.django_db
def test_programs_that_use_a_wrong_method_are_told_so_in_short():
    response = Client().get("/theme", headers={"Accept": "application/json"})

    assert (response.status_code, response.content) == (405, b"")


@pytest.mark.django_db
def test_an_unknown_address_says_so():
    response = Client().get("/no/such/page")

    assert response.status_code == 404
    assert "There is nothing here" in text_of(response)
