import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shipments.catalogue.meanings import NAMES, meaning_of
from shipments.phases import Direction
from tests.factories import make_shop, place
from tests.portal.pages import member_client, text_of

pytestmark = pytest.mark.django_db

BACK = Direction.CUSTOMER_MERCHANT


def browse(shop, client=None, **query):
    return (client or member_client(shop)).get(f"/shops/{shop.slug}/events/catalogue", query)


def names_in(response):
    """The names of the events shown, in their order."""
    return re.findall(r'<tr id="([^"]+)"', response.content.decode())


def phases_in(response):
    return re.findall(r'<h2 id="phase-([^"]+)"', response.content.decode())


def test_it_shows_every_event_of_parcels_to_customers_by_phase():
    shop = make_shop()

    response = browse(shop)

    outward = [n for n in NAMES if meaning_of(n, Direction.MERCHANT_CUSTOMER).direction != BACK]
    assert sorted(names_in(response)) == sorted(outward)
    assert f"{len(outward)} events" in text_of(response)
    assert phases_in(response) == [
        "order_created",
        "order_processed",
        "in_transit",
        "in_delivery",
        "collect",
        "delivered",
        "delivery_failed",
        "returned",
    ]


def test_returns_have_phases_and_groups_of_their_own():
    shop = make_shop()

    response = browse(shop, direction="customer_merchant")

    assert sorted(names_in(response)) == sorted(NAMES)
    assert phases_in(response) == [
        "return_created",
        "return_transit",
        "return_received",
        "return_failed",
    ]


def test_an_event_says_what_it_means_and_what_customers_read():
    shop = make_shop()

    text = text_of(browse(shop, q="DELIVERED_TO_NEIGHBOUR"))

    for said in (
        "Delivered to a neighbour DELIVERED_TO_NEIGHBOUR",
        "Your parcel is with a neighbour A neighbour has taken the parcel.",
        "Normal Neighbour",
        "shipment_delivered_to_neighbour shipment_delivered_all_events",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("driver_nearby", ["DRIVER_NEARBY"]),
        ("driver nearby", ["DRIVER_NEARBY"]),
        ("nearby DRIVER", ["DRIVER_NEARBY"]),
        ("few stops away", ["DRIVER_NEARBY"]),
        ("shipment_delivered_to_letterbox", ["DELIVERED_TO_LETTERBOX"]),
        ("wird", []),
        ("%", []),
    ],
)
def test_an_event_is_found_by_its_name_texts_and_group(words, names):
    shop = make_shop()

    assert names_in(browse(shop, q=words)) == names


def test_a_shop_reads_its_own_language_first():
    shop = make_shop(language="de")
    client = member_client(shop)

    german = browse(shop, client, q="Zustellung gescheitert")
    english = browse(shop, client, q="Delivery failed", language="en")

    assert "DELIVERY_FAILED" in names_in(german)
    assert 'lang="de"><strong>' in german.content.decode()
    assert "DELIVERY_FAILED" in names_in(english)
    assert names_in(browse(shop, client, q="Your parcel")) == []


def test_switches_keep_what_was_searched_for():
    shop = make_shop()

    page = browse(shop, q="customs", language="de").content.decode()

    assert "?q=customs&amp;language=de&amp;direction=customer_merchant" in page
    assert "?q=customs&amp;language=en" in page
    assert '<input type="hidden" name="language" value="de" form="event-search">' in page


def test_nothing_found_says_how_to_find_more():
    shop = make_shop()

    response = browse(shop, q="<no such event>", direction="customer_merchant")

    assert names_in(response) == []
    assert "No event matches “<no such event>”" in text_of(response)
    assert "0 events" in text_of(response)
    assert (
        f'href="/shops/{shop.slug}/events/catalogue?q=%3Cno%20such%20event%3E'
        '&amp;direction=customer_merchant&amp;language=de">Search in Deutsch<'
    ) in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [{"direction": "sideways"}, {"language": "xx"}, {"q": "a\x00b"}, {"q": "a" * 201}],
)
def test_a_mistyped_address_shows_nothing_rather_than_everything(query):
    shop = make_shop()

    response = browse(shop, **query)

    assert response.status_code == 200
    assert names_in(response) == []
    assert "asks for something that does not exist" in text_of(response)


def test_groups_are_explained_below_the_whole_catalogue_only():
    shop = make_shop()
    client = member_client(shop)

    german = client.get(f"/shops/{shop.slug}/events/catalogue", headers={"accept-language": "de"})

    assert "A neighbour has taken it." in text_of(browse(shop, client))
    assert "Jemand in der Nachbarschaft hat es angenommen." in text_of(german)
    assert "A neighbour has taken it." not in text_of(german)
    assert "A neighbour has taken it." not in text_of(browse(shop, client, q="neighbour"))


def test_htmx_gets_the_list_alone_and_a_short_address():
    shop = make_shop()
    headers = {"HX-Request": "true", "HX-Target": "events"}
    query = {"q": "customs", "direction": "merchant_customer", "language": "en"}

    response = member_client(shop).get(
        f"/shops/{shop.slug}/events/catalogue", query, headers=headers
    )

    assert response.headers["HX-Replace-Url"] == f"/shops/{shop.slug}/events/catalogue?q=customs"
    assert response.content.decode().lstrip().startswith("<section")
    assert "CUSTOMS_HELD" in names_in(response)


def test_the_catalogue_asks_the_database_no_more_than_the_frame_does():
    shop = make_shop()
    client = member_client(shop)
    browse(shop, client)

    with CaptureQueriesContext(connection) as whole:
        browse(shop, client)
    with CaptureQueriesContext(connection) as none:
        browse(shop, client, q="no-such-event")

    assert len(whole) == len(none) <= 6, [query["sql"] for query in whole]


def test_an_order_leads_to_the_catalogue():
    shop = make_shop()

    page = member_client(shop).get(f"/shops/{shop.slug}/orders/{place(shop).id}")

    assert f'href="/shops/{shop.slug}/events/catalogue"' in page.content.decode()
