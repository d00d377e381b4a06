"""The room of the numbers: its parts, periods, filters, comparisons and saved views."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analytics.catalogue.numbers import NUMBERS
from analytics.targets import target_of
from portal.models import SavedFilter, SavedRoom
from portal.numbers.rooms import PARTS
from shops.models import Role
from tests.factories import make_member, make_shop
from tests.portal.numbers.pages import claimed, delivered, some
from tests.portal.pages import member_client, text_of

pytestmark = pytest.mark.django_db

MOST_QUERIES = 60
"""Of a page with all its numbers, charts and tables, log-in and frame included."""


def room(shop, part: str = "overview", query: str = "", role: Role = Role.VIEWER):
    return member_client(shop, role).get(f"/shops/{shop.slug}/analytics/{part}{query}")


def test_every_number_of_the_room_is_one_of_the_catalogue():
    asked = {number for part in PARTS for number in part.numbers}
    asked |= {panel.number for part in PARTS for panel in part.panels}

    assert asked <= set(NUMBERS)


@pytest.mark.parametrize("part", [part.key for part in PARTS])
@pytest.mark.parametrize("query", ["", "?period=12m&compare=year", "?carrier=dhl&compare=none"])
def test_every_part_shows_its_numbers(part, query):
    shop = make_shop()
    some(shop)

    response = room(shop, part, query)

    page = text_of(response)
    assert response.status_code == 200
    for number in next(one for one in PARTS if one.key == part).numbers:
        assert str(NUMBERS[number].title) in page
    assert len(response.content) < 100_000


@pytest.mark.parametrize("part", [part.key for part in PARTS])
def test_a_part_without_orders_in_its_days_says_so(part):
    shop = make_shop()
    delivered(shop, "1Z12345E0205271688", days_ago=400)

    assert "Nothing was counted in these days." in text_of(room(shop, part))


def test_a_part_that_does_not_exist_is_not_found():
    assert room(make_shop(), "no-such-part").status_code == 404


def test_days_that_make_no_sense_are_said():
    shop = make_shop()
    some(shop, 1)

    page = text_of(room(shop, query="?from=2026-03-01&to=2026-01-01"))

    assert "This must not be after the last day." in page


def test_filters_narrow_the_numbers_and_can_be_taken_away():
    shop = make_shop()
    delivered(shop, "1Z12345E0205271688", carrier_reference="ups", took=4)
    delivered(shop, "00340434161094042557", carrier_reference="dhl", took=2)

    page = room(shop, "delivery", "?carrier=ups")

    assert "Carrier: UPS" in text_of(page)
    assert "Average delivery time " in text_of(page)
    assert " 4 days " in text_of(page)
    assert "DHL Paket →" not in text_of(page)
    assert "UPS → Germany" in text_of(page)


def test_a_chart_has_a_table_with_the_same_values_behind_it():
    shop = make_shop()
    some(shop)

    html = room(shop).content.decode()

    assert "The same as a table" in html
    table = html.split('<details class="behind">', 1)[1].split("</details>", 1)[0]
    assert table.count("<tr>") == 31
    assert html.count('class="chart-step') >= 30


def test_the_target_is_changed_by_editors():
    shop = make_shop()
    some(shop, 1)
    client = member_client(shop, Role.EDITOR)
    url = f"/shops/{shop.slug}/delivery-target"

    done = client.post(url, {"days": 5, "counted": "all"}, follow=True)
    refused = client.post(url, {"days": 0, "counted": "all"}, follow=True)

    assert "The target is 5 days now." in text_of(done)
    assert "A target is between 1 and 60 days." in text_of(refused)
    assert (target_of(shop).days, target_of(shop).in_business_days) == (5, False)
    assert "delivery-target" not in room(shop, "delivery").content.decode()


def test_a_view_is_saved_with_its_part_days_and_filters():
    shop = make_shop()
    some(shop, 1)
    client = member_client(shop)
    views = f"/shops/{shop.slug}/analytics-views"

    saved = client.post(
        views, {"name": "DHL", "query": "part=carriers&period=90d&carrier=dhl"}, follow=True
    )

    address = f"/shops/{shop.slug}/analytics/carriers?period=90d&carrier=dhl"
    assert saved.redirect_chain[-1][0] == address
    assert "Saved as “DHL”." in text_of(saved)
    assert f'href="{address.replace("&", "&amp;")}"' in client.get(views).content.decode()


def test_views_and_filters_of_the_same_name_keep_out_of_each_others_way():
    shop = make_shop()
    some(shop, 1)
    client = member_client(shop, Role.EDITOR)
    client.post(f"/shops/{shop.slug}/shipments/filters", {"name": "DHL", "query": "flag=delay"})

    client.post(f"/shops/{shop.slug}/analytics-views", {"name": "DHL", "query": "part=claims"})

    rooms = SavedFilter.objects.of(shop).values_list("room", flat=True)
    assert sorted(rooms) == [SavedRoom.ANALYTICS, SavedRoom.SHIPMENTS]
    lists = (f"/shops/{shop.slug}/shipments/filters", f"/shops/{shop.slug}/analytics-views")
    assert [client.get(path).content.decode().count('<li class="saved">') for path in lists] == [
        1,
        1,
    ]


def test_what_makes_no_sense_is_not_saved():
    shop = make_shop()
    some(shop, 1)
    client = member_client(shop)

    answer = client.post(
        f"/shops/{shop.slug}/analytics-views",
        {"name": "Never", "query": "part=claims&period=fortnight"},
        follow=True,
    )

    assert "These days make no sense" in text_of(answer)
    assert not SavedFilter.objects.of(shop).exists()


def test_a_view_is_not_renamed_by_the_address_of_a_filter():
    shop = make_shop()
    person = make_member(shop)
    view = SavedFilter.objects.create(
        shop=shop, owner=person, room=SavedRoom.ANALYTICS, name="Mine", query="part=claims"
    )
    client = member_client(shop)
    client.force_login(person)

    wrong = client.post(f"/shops/{shop.slug}/shipments/filters/{view.id}/delete")
    right = client.post(f"/shops/{shop.slug}/analytics-views/{view.id}/delete")

    assert (wrong.status_code, right.status_code) == (404, 302)


@pytest.mark.parametrize("part", [part.key for part in PARTS])
def test_a_part_costs_as_many_queries_for_many_orders_as_for_one(part):
    few, many = make_shop(), make_shop()
    some(few, 1)
    some(many, 9)

    costs = []
    for shop in (few, many):
        client, path = member_client(shop), f"/shops/{shop.slug}/analytics/{part}"
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        costs.append(len(queries))

    assert costs[0] == costs[1] <= MOST_QUERIES


def test_every_group_leads_to_as_many_rows_as_it_counts():
    shop = make_shop()
    for number in ("00340434161094042557", "00340434161094042564", "00340434161094042571"):
        claimed(delivered(shop, number))
    client = member_client(shop)

    html = client.get(f"/shops/{shop.slug}/analytics/claims").content.decode()
    url = unescape(re.search(r'href="([^"]*numbers/claims/rows\?reason=[^"]*)"', html)[1])
    rows = client.get(url)

    assert rows.content.decode().count('<th scope="row">') == 3
    assert "Reason: Damage" in text_of(rows)
