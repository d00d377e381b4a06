import pytest

from shops.models import Membership, Role, Shop
from tests.factories import make_shop
from tests.portal.pages import member_client, text_of

pytestmark = pytest.mark.django_db

SAID = {"name": "Second", "timezone": "Europe/Berlin", "currency": "EUR", "language": "de"}


def test_an_admin_makes_a_further_shop_and_is_its_admin():
    shop = make_shop()
    client = member_client(shop, Role.ADMIN)

    response = client.post(f"/shops/{shop.slug}/further-shop", {**SAID, "slug": "second"})

    made = Shop.objects.get(slug="second")
    assert response["Location"] == "/shops/second/setup"
    assert made.organization == shop.organization
    assert made.language == "de"
    assert Membership.objects.get(shop=made).role == Role.ADMIN
    assert client.get("/shops/second/setup").status_code == 200


@pytest.mark.parametrize("slug", ["Second Shop", "-second", "ä", ""])
def test_a_name_that_cannot_stand_in_addresses_is_refused(slug):
    shop = make_shop()
    client = member_client(shop, Role.ADMIN)

    response = client.post(f"/shops/{shop.slug}/further-shop", {**SAID, "slug": slug})

    assert response.status_code == 422
    assert Shop.objects.count() == 1


def test_what_is_refused_is_said_in_the_language_of_the_reader():
    shop = make_shop()
    said = {**SAID, "slug": "A b", "timezone": "Berlin", "currency": "XXX"}

    response = member_client(shop, Role.ADMIN).post(
        f"/shops/{shop.slug}/further-shop", said, headers={"Accept-Language": "de"}
    )

    page = text_of(response)
    assert "Nur Kleinbuchstaben, Ziffern und Bindestriche dazwischen." in page
    assert "„Berlin“ ist kein Name einer Zeitzone wie Europe/Berlin." in page
    assert "Mit „XXX“ wird heute nirgends bezahlt: Schreiben Sie einen Code wie EUR." in page


def test_a_name_that_is_taken_is_refused():
    shop, other = make_shop(), make_shop()
    client = member_client(shop, Role.ADMIN)

    response = client.post(f"/shops/{shop.slug}/further-shop", {**SAID, "slug": other.slug})

    assert response.status_code == 422
    assert "There is such a shop already." in text_of(response)
    assert Shop.objects.count() == 2


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR])
def test_others_may_not(role):
    shop = make_shop()
    client = member_client(shop, role)

    response = client.post(f"/shops/{shop.slug}/further-shop", {**SAID, "slug": "second"})

    assert response.status_code == 403
    assert Shop.objects.count() == 1
