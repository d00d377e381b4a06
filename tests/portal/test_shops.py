import pytest

from shops.models import Membership, User
from tests.factories import PASSWORD, make_member, make_shop
from tests.portal.pages import text_of

pytestmark = pytest.mark.django_db


def test_home_is_the_shop_one_was_in_last(client):
    first, second = make_shop(), make_shop()
    user = make_member(first)
    Membership.objects.create(shop=second, user=user)
    client.force_login(user)
    client.get(f"/shops/{second.slug}/orders")

    assert client.get("/").headers["Location"] == f"/shops/{second.slug}"


def test_home_asks_who_has_several_shops_and_was_in_none(client):
    first, second = make_shop(name="Alpha"), make_shop(name="Beta")
    user = make_member(first)
    Membership.objects.create(shop=second, user=user)
    client.force_login(user)

    page = text_of(client.get("/", follow=True))

    assert "Choose a shop" in page
    assert page.index("Alpha") < page.index("Beta")


def test_a_shop_one_left_is_no_home_any_more(client):
    first, second = make_shop(), make_shop()
    user = make_member(first)
    Membership.objects.create(shop=second, user=user)
    client.force_login(user)
    client.get(f"/shops/{second.slug}/orders")
    Membership.objects.filter(shop=second).delete()

    assert client.get("/").headers["Location"] == f"/shops/{first.slug}"


def test_staff_without_a_shop_are_led_to_the_back_office(client):
    client.force_login(User.objects.create_user("staff@example.com", PASSWORD, is_staff=True))

    assert client.get("/").headers["Location"] == "/admin/"


def test_staff_with_a_shop_are_led_to_its_home(client):
    shop = make_shop()
    client.force_login(make_member(shop, is_staff=True))

    assert client.get("/").headers["Location"] == f"/shops/{shop.slug}"


def test_the_switcher_leads_to_ones_own_other_shops_only(client):
    first, second, foreign = make_shop(), make_shop(), make_shop()
    user = make_member(first)
    Membership.objects.create(shop=second, user=user)
    client.force_login(user)

    page = client.get(f"/shops/{first.slug}/orders").content.decode()

    assert f'href="/shops/{second.slug}"' in page
    assert foreign.slug not in page
