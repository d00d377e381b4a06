"""What holds for the back office as a whole."""

import pytest
from axes.models import AccessAttempt

from orders.models import Order
from shops.models import ApiKey, Organization, Shop
from tests.admin.pages import list_url

pytestmark = pytest.mark.django_db

ICON = '<link rel="icon" href="/static/icons/favicon'


@pytest.mark.parametrize(
    "address",
    [
        "/admin/orders/order/?order_number=%00",
        "/admin/orders/order/?q=a%00b",
        "/admin/orders/order/?%00=1",
        "/admin/autocomplete/?term=%00&app_label=shops&model_name=membership&field_name=user",
    ],
)
def test_nul_in_an_address_is_refused(staff, address):
    assert staff.get(address).status_code == 400


def test_the_back_office_is_found_without_the_slash(client):
    response = client.get("/admin")

    assert (response.status_code, response["Location"]) == (302, "/admin/")


def test_every_page_names_the_icon(staff):
    assert ICON in staff.get("/admin/").content.decode()
    assert ICON in staff.get(list_url(Order)).content.decode()


def test_who_asks_for_an_icon_by_its_old_name_is_led_to_it(client):
    response = client.get("/favicon.ico")

    assert response.status_code == 302
    assert response["Location"].startswith("/static/icons/favicon")


@pytest.mark.parametrize("model", [Organization, Shop])
def test_a_page_to_make_a_row_shows_nothing_that_it_has_not_yet(staff, model):
    page = staff.get(f"{list_url(model)}add/").content.decode()

    assert 'name="name"' in page
    assert "DatabaseDefault" not in page
    assert "Created at" not in page


def test_dates_have_names_for_who_hears_the_page(staff):
    page = staff.get(f"{list_url(ApiKey)}add/").content.decode()

    assert page.count('aria-label="Date"') == page.count('aria-label="Time"') == 1


def test_failed_log_ins_are_listed_with_what_deleting_one_does(staff):
    attempt = AccessAttempt.objects.create(
        username="x@example.com", ip_address="127.0.0.1", failures_since_start=5
    )

    page = staff.get(list_url(AccessAttempt)).content.decode()

    assert "Delete one" in page
    assert attempt.username in page
    assert "accessfailurelog" not in staff.get("/admin/").content.decode()
