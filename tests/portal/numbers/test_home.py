"""The home of a shop."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.ids import new_id
from notices.models import Audience, Mail, MailState
from orders.models import Order
from portal.numbers.rooms import FIVE
from shipments.models import Shipment
from shipments.phases import Flag, Phase
from shops.models import Role
from tests.factories import make_shop, place
from tests.portal.numbers.pages import claimed, delivered, sent, some
from tests.portal.pages import member_client, text_of
from webhooks.models import Webhook
from webhooks.services import create_webhook

pytestmark = pytest.mark.django_db

MOST_QUERIES = 45


def home(shop, role: Role = Role.VIEWER):
    return member_client(shop, role).get(f"/shops/{shop.slug}")


def test_it_shows_the_five_numbers_of_the_last_30_days_and_what_they_were():
    shop = make_shop()
    some(shop)
    delivered(shop, "1Z12345E0205271688", days_ago=40)
    delivered(shop, "00340434000000009999", days_ago=90)

    page = text_of(home(shop))

    assert "Delivery success rate" in page
    assert "100%" in page
    assert "Claim rate" in page
    assert "33.3%" in page
    assert "as before" in page
    assert "from 1" in page  # one order in the 30 days before


def test_every_number_says_what_it_means_and_opens_its_rows():
    shop = make_shop()
    some(shop)

    html = home(shop).content.decode()

    for number in FIVE:
        assert f'aria-describedby="means-{number}"' in html
        assert f'id="means-{number}"' in html
        assert f'href="/shops/{shop.slug}/numbers/{number}/rows"' in html
    assert "3 orders whose parcels were all delivered" in html


def test_a_new_shop_is_told_how_its_first_order_comes_in():
    shop = make_shop()

    page = text_of(home(shop))

    assert "Your orders will appear here" in page
    assert f"/v1/shops/{shop.slug}/orders" in page
    assert "Delivery success rate" not in page


def test_a_shop_whose_orders_are_long_ago_has_no_numbers_and_no_fault():
    shop = make_shop()
    delivered(shop, "1Z12345E0205271688", days_ago=400)

    page = text_of(home(shop))

    assert "– Nothing to compare with" in page


def test_what_needs_attention_is_counted_and_leads_to_it():
    shop = make_shop()
    sent(shop, "1Z12345E0205271688", at=timezone.now() - timedelta(days=12))
    client = member_client(shop)

    page = client.get(f"/shops/{shop.slug}")
    listed = client.get(f"/shops/{shop.slug}/attention/unscanned")

    assert "1 parcel was never scanned" in text_of(page)
    assert f'href="/shops/{shop.slug}/attention/unscanned"' in page.content.decode()
    assert "1Z12345E0205271688" in text_of(listed)
    assert client.get(f"/shops/{shop.slug}/attention/no-such-kind").status_code == 404


def test_the_list_of_what_needs_attention_may_be_empty():
    shop = make_shop()

    response = member_client(shop).get(f"/shops/{shop.slug}/attention/late")

    assert "There is none: every parcel moves as expected." in text_of(response)


def test_webhooks_that_fail_are_the_admins_to_look_after():
    shop = make_shop()
    some(shop, 1)
    create_webhook(shop, url="https://203.0.114.1/hook")
    Webhook.objects.of(shop).update(failing_since=timezone.now())

    assert "1 webhook is failing" in text_of(home(shop, Role.ADMIN))
    assert "webhook is failing" not in text_of(home(shop, Role.EDITOR))


def test_mails_that_could_not_be_sent_are_the_editors_to_look_after():
    shop = make_shop()
    some(shop, 1)
    for state in (MailState.FAILED, MailState.SENT):
        Mail.objects.create(
            shop=shop,
            audience=Audience.CUSTOMERS,
            event_group="parcel_sent",
            about_id=new_id(),
            recipient="ada@example.com",
            state=state,
        )

    assert "1 mail could not be sent" in text_of(home(shop, Role.EDITOR))
    assert counts_in_menu(shop, Role.EDITOR)["mails"] == 1
    assert "could not be sent" not in text_of(home(shop, Role.VIEWER))


def test_a_day_that_is_not_over_is_no_fall_at_the_end_of_a_line():
    shop = make_shop()
    delivered(shop, "1Z12345E0205271688", days_ago=4)
    delivered(shop, "00340434161094042557", days_ago=1)

    cards = {card.number: card for card in home(shop).context["sheet"].cards}

    assert cards["orders"].spark.end[1] == "3.0"  # as high as the day of the other order


def test_test_parcels_make_no_home_of_numbers():
    shop = make_shop()
    place(shop)
    Order.objects.of(shop).update(is_test=True)

    page = text_of(home(shop))

    assert "Only test parcels so far" in page
    assert "Send a first one" not in page


def test_the_home_costs_as_many_queries_for_many_orders_as_for_one():
    few, many = make_shop(), make_shop()
    some(few, 1)
    some(many, 12)

    costs = []
    for shop in (few, many):
        client = member_client(shop, Role.ADMIN)
        client.get(f"/shops/{shop.slug}")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/shops/{shop.slug}")
        costs.append(len(queries))

    assert costs[0] == costs[1] <= MOST_QUERIES


def test_a_page_is_small():
    shop = make_shop()
    some(shop, 5)

    assert len(home(shop, Role.ADMIN).content) < 100_000


def test_each_thing_that_waits_says_what_to_do():
    shop = make_shop()
    sent(shop, "1Z12345E0205271688", at=timezone.now() - timedelta(days=12))

    assert "Check whether they were handed over" in text_of(home(shop))


def test_parcels_that_failed_lately_wait_and_those_of_long_ago_do_not():
    shop = make_shop()
    lately = sent(shop, "1Z12345E0205271688", at=timezone.now() - timedelta(days=1))
    long_ago = sent(shop, "00340434161094042557", at=timezone.now() - timedelta(days=1))
    given_up = {"phase": Phase.DELIVERY_FAILED, "flag": Flag.ERROR, "last_scan_at": timezone.now()}
    for shipment, days in ((lately, 2), (long_ago, 40)):
        since = timezone.now() - timedelta(days=days)
        Shipment.objects.filter(id=shipment.id).update(phase_since=since, **given_up)

    listed = text_of(member_client(shop).get(f"/shops/{shop.slug}/attention/failed"))

    assert "1 parcel has failed" in text_of(home(shop))
    assert "1Z12345E0205271688" in listed
    assert "00340434161094042557" not in listed


def test_parcels_whose_carrier_nobody_knows_wait():
    shop = make_shop()
    shipment = sent(shop, "1Z12345E0205271688", at=timezone.now())
    Shipment.objects.filter(id=shipment.id).update(carrier_reference="")

    assert "1 parcel has no known carrier" in text_of(home(shop))


def test_the_menu_counts_what_waits_in_each_room_and_a_parcel_once():
    shop, other = make_shop(), make_shop()
    shipment = sent(shop, "1Z12345E0205271688", at=timezone.now() - timedelta(days=12))
    Shipment.objects.filter(id=shipment.id).update(carrier_reference="")  # and never scanned
    claimed(shipment)
    claimed(delivered(other, "1Z12345E0205271688"))
    create_webhook(shop, url="https://203.0.114.1/hook")
    Webhook.objects.of(shop).update(failing_since=timezone.now())

    assert counts_in_menu(shop, Role.ADMIN) == {"shop": 1, "claims": 1, "webhooks": 1}
    assert counts_in_menu(shop, Role.EDITOR) == {"shop": 1, "claims": 1}


def test_the_home_page_and_the_menu_count_alike():
    shop = make_shop()
    twice = sent(shop, "1Z12345E0205271688", at=timezone.now() - timedelta(days=12))
    Shipment.objects.filter(id=twice.id).update(carrier_reference="")  # and never scanned
    sent(shop, "00340434161094042557", at=timezone.now() - timedelta(days=12))

    page = home(shop)

    lines = {line.url.rpartition("/")[2]: line.count for line in page.context["waiting"].lines}
    assert lines == {"unscanned": 2, "unmatched": 1}
    assert page.context["waiting"].parcels == counts_in_menu(shop, Role.VIEWER)["shop"] == 2
    assert "2 parcels in all: some are in more than one line." in text_of(page)


def test_what_waits_before_the_first_order_stands_on_the_home_page_too():
    shop = make_shop()
    create_webhook(shop, url="https://203.0.114.1/hook")
    Webhook.objects.of(shop).update(failing_since=timezone.now())

    assert "1 webhook is failing" in text_of(home(shop, Role.ADMIN))
    assert "Needs attention" not in text_of(home(shop, Role.EDITOR))


def counts_in_menu(shop, role: Role) -> dict[str, int]:
    menu = member_client(shop, role).get(f"/shops/{shop.slug}/orders").context["menu"]
    return {item.room.key: item.waiting for item in menu if item.waiting}
