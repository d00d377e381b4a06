"""Connections in the back office: secrets go in, and never come out."""

import pytest
from auditlog.models import LogEntry

from intake.test_parcels import send_test_parcel
from shipments.feeds.aggregators.connections import connect_aggregator
from shipments.feeds.carriers.connections import connect_carrier
from shipments.feeds.carriers.connectors import CONNECTORS
from shipments.feeds.models import (
    Aggregator,
    AggregatorConnection,
    CarrierConnection,
    FeedAddress,
    Poll,
    Simulation,
)
from shipments.feeds.simulator.stories import STORIES, Speed
from tests.admin.pages import change_url, list_url
from tests.factories import make_shop

pytestmark = pytest.mark.django_db

SECRET = "a-secret-nobody-shows"


@pytest.mark.parametrize("model", [AggregatorConnection, CarrierConnection, Poll, Simulation])
def test_every_list_and_page_opens_and_shows_no_secret(staff, model):
    shop = make_shop()
    connect_aggregator(shop, aggregator=Aggregator.EASYPOST, secret=SECRET)
    connection = connect_carrier(shop, CONNECTORS["dhl"], {"consumer_key": SECRET})
    simulation = send_test_parcel(shop, story=STORIES["smooth"], speed=Speed.AS_IT_IS)
    Poll.objects.create(
        shop=shop,
        connection_id=connection.id,
        shipment_id=simulation.shipment_id,
        tracking_number="T1",
    )
    row = model.objects.get()

    for url in (list_url(model), change_url(row), change_url(row).replace("change", "history")):
        response = staff.get(url)
        assert response.status_code == 200
        assert SECRET not in response.content.decode()


def test_an_aggregator_is_connected(staff):
    shop = make_shop()
    said = {"shop": shop.id, "aggregator": "aftership", "new_secret": SECRET}

    response = staff.post("/admin/feeds/aggregatorconnection/add/", said)

    assert response.status_code == 302
    connection = AggregatorConnection.objects.get()
    assert (connection.shop_id, connection.secret) == (shop.id, SECRET)
    assert FeedAddress.objects.get().connection_id == connection.id


def test_a_secret_is_replaced_only_by_another(staff):
    connection, _ = connect_aggregator(make_shop(), aggregator=Aggregator.EASYPOST, secret="old")

    staff.post(change_url(connection), {"new_secret": ""})
    assert AggregatorConnection.objects.get().secret == "old"
    staff.post(change_url(connection), {"new_secret": SECRET})
    assert AggregatorConnection.objects.get().secret == SECRET


def test_a_carrier_is_connected_once_and_with_all_it_needs(staff):
    shop = make_shop()
    url = "/admin/feeds/carrierconnection/add/"
    said = {"shop": shop.id, "carrier": "ups", "new_credentials": f"client_id = {SECRET}"}
    assert "needs the Client secret" in staff.post(url, said).content.decode()

    said["new_credentials"] = f"client_id = id\nclient_secret={SECRET}\nserver_url=http://evil"
    assert staff.post(url, said).status_code == 302

    connection = CarrierConnection.objects.get()
    assert connection.credentials == {"client_id": "id", "client_secret": SECRET}
    assert "connected to it already" in staff.post(url, said).content.decode()


def test_credentials_are_replaced_and_the_audit_says_so_without_them(staff):
    connection = connect_carrier(make_shop(), CONNECTORS["dhl"], {"consumer_key": "old"})
    said = {"new_credentials": f"consumer_key={SECRET}", "is_active": ""}

    staff.post(change_url(connection), said)

    connection.refresh_from_db()
    assert connection.credentials["consumer_key"] == SECRET
    assert not connection.is_active
    entries = LogEntry.objects.get_for_object(connection)
    assert "encrypted_credentials" in str([entry.changes for entry in entries])
    assert connection.encrypted_credentials not in str([entry.changes for entry in entries])
