"""The page of feeds: connections are made, tried, changed and removed by admins only."""

import pytest
from django.urls import reverse

from shipments.feeds.aggregators.connections import connect_aggregator
from shipments.feeds.carriers.connections import connect_carrier
from shipments.feeds.carriers.connectors import CONNECTORS
from shipments.feeds.models import (
    Aggregator,
    AggregatorConnection,
    CarrierConnection,
    FeedAddress,
)
from shops.models import Role
from tests.factories import make_shop
from tests.portal.pages import member_client, text_of

pytestmark = pytest.mark.django_db

SECRET = "a-secret-nobody-shows"


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def admin(shop):
    return member_client(shop, Role.ADMIN)


def url(name, shop, **arguments):
    return reverse(f"portal:{name}", kwargs={"slug": shop.slug, **arguments})


def test_without_any_connection_it_says_how_to_make_one(admin, shop):
    text = text_of(admin.get(url("feeds", shop)))

    assert "Not connected" in text
    assert "None. If AfterShip or EasyPost" in text


def test_an_aggregator_is_connected_and_its_address_shown(admin, shop):
    said = {"aggregator": "aftership", "secret": SECRET}

    response = admin.post(url("add_aggregator", shop), said, follow=True)

    token = FeedAddress.objects.get().token
    assert f"/v1/feeds/{token}/aftership" in text_of(response)
    assert SECRET not in response.content.decode()
    assert AggregatorConnection.objects.get().secret == SECRET


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"aggregator": "aftership", "secret": ""},
        {"aggregator": "aftership", "secret": "   "},
        {"aggregator": "aftership", "secret": "x" * 257},
        {"aggregator": "pigeon", "secret": SECRET},
    ],
)
def test_what_is_wrong_is_said_beside_its_field(admin, shop, said):
    response = admin.post(url("add_aggregator", shop), said)

    assert response.status_code == 422
    assert "field-error" in response.content.decode()
    assert not AggregatorConnection.objects.exists()


def test_its_secret_is_replaced_and_it_is_removed(admin, shop):
    connection, _ = connect_aggregator(shop, aggregator=Aggregator.EASYPOST, secret="old")

    admin.post(
        url("replace_aggregator_secret", shop, connection_id=connection.id), {"secret": SECRET}
    )
    connection.refresh_from_db()
    assert connection.secret == SECRET
    refused = admin.post(
        url("replace_aggregator_secret", shop, connection_id=connection.id), {}, follow=True
    )
    assert "The secret is as it was" in text_of(refused)

    admin.post(url("remove_aggregator", shop, connection_id=connection.id))
    assert not AggregatorConnection.objects.exists()
    assert not FeedAddress.objects.exists()


def test_a_carrier_is_connected_and_its_credentials_are_never_shown(admin, shop):
    said = {"client_id": "id", "client_secret": SECRET}

    response = admin.post(url("carrier", shop, carrier="ups"), said, follow=True)

    assert "The credentials of UPS are saved." in text_of(response)
    connection = CarrierConnection.objects.get()
    assert connection.credentials == said
    again = admin.get(url("carrier", shop, carrier="ups")).content.decode()
    assert SECRET not in again + response.content.decode()


def test_what_a_carrier_needs_is_asked_for(admin, shop):
    response = admin.post(url("carrier", shop, carrier="ups"), {"client_id": "id"})

    assert response.status_code == 422
    assert not CarrierConnection.objects.exists()


def test_trouble_is_said_and_ends_with_new_credentials(admin, shop):
    connection = connect_carrier(shop, CONNECTORS["dhl"], {"consumer_key": "k"})
    said = "The carrier answered 503."
    CarrierConnection.objects.filter(id=connection.id).update(last_trouble=said, failures=3)
    assert said in text_of(admin.get(url("feeds", shop)))
    german = admin.get(url("feeds", shop), headers={"Accept-Language": "de"})
    assert "Der Zusteller antwortete mit 503." in text_of(german)

    response = admin.post(url("carrier", shop, carrier="dhl"), {"consumer_key": "new"}, follow=True)

    assert said not in text_of(response)
    assert CarrierConnection.objects.get().credentials["consumer_key"] == "new"


def test_a_carrier_is_tried_switched_off_and_on_and_removed(admin, shop):
    connect_carrier(shop, CONNECTORS["dhl"], {"consumer_key": "k"})

    tried = admin.post(url("try_carrier", shop, carrier="dhl"), follow=True)
    assert "It is being tried" in text_of(tried)
    for said, is_active in [("off", False), ("on", True)]:
        admin.post(url("switch_carrier", shop, carrier="dhl"), {"is_active": said})
        assert CarrierConnection.objects.get().is_active is is_active
    admin.post(url("remove_carrier", shop, carrier="dhl"))
    assert not CarrierConnection.objects.exists()


@pytest.mark.parametrize("name", ["carrier", "try_carrier", "switch_carrier", "remove_carrier"])
def test_a_carrier_that_does_not_exist_or_is_not_connected_is_not_found(admin, shop, name):
    connect_carrier(make_shop(), CONNECTORS["ups"], {"client_id": "i", "client_secret": "s"})

    assert admin.post(url(name, shop, carrier="pigeon")).status_code == 404
    if name != "carrier":
        assert admin.post(url(name, shop, carrier="ups")).status_code == 404


def test_another_shops_connection_is_not_found(admin, shop):
    foreign, _ = connect_aggregator(make_shop(), aggregator=Aggregator.EASYPOST, secret="s")

    for name in ("remove_aggregator", "replace_aggregator_secret"):
        response = admin.post(url(name, shop, connection_id=foreign.id), {"secret": "x"})
        assert response.status_code == 404
    foreign.refresh_from_db()
    assert foreign.secret == "s"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR])
def test_it_is_for_admins(shop, role):
    client = member_client(shop, role)

    assert client.get(url("feeds", shop)).status_code == 403
    assert client.post(url("carrier", shop, carrier="ups"), {}).status_code == 403
    menu = client.get(url("orders", shop)).content.decode()
    assert url("feeds", shop) not in menu


def test_its_queries_do_not_grow_with_the_connections(admin, shop, django_assert_max_num_queries):
    for name in ("ups", "dhl", "gls", "fedex"):
        credentials = {field.name: "x" for field in CONNECTORS[name].fields}
        connect_carrier(shop, CONNECTORS[name], credentials)
    for _ in range(5):
        connect_aggregator(shop, aggregator=Aggregator.AFTERSHIP, secret="s")

    with django_assert_max_num_queries(11):
        admin.get(url("feeds", shop))
