import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from intake.test_parcels import place_sample_order
from orders.models import Order
from portal.setup.page import MOST_LOOKS
from shipments.feeds.simulator.play import play_due_scans
from shops.models import ApiKey, Role, Shop
from tests.factories import make_shop, place
from tests.portal.pages import member_client, text_of
from webhooks.models import Delivery, Webhook

pytestmark = pytest.mark.django_db


def setup_url(shop: Shop, more: str = "") -> str:
    return f"/shops/{shop.slug}/setup{more}"


def done_steps(response) -> list[str]:
    return re.findall(r'id="step-(\w+)" class="setup-step setup-step-done"', _html(response))


def _html(response) -> str:
    return response.content.decode()


def next_look(response) -> str:
    """What the page asks next, as the query of its address."""
    [query] = re.findall(r'hx-get="[^"?]*\?([^"]*)"', _html(response))
    return query.replace("&amp;", "&")


def test_steps_are_done_when_their_facts_are_there():
    shop = make_shop()
    client = member_client(shop, Role.ADMIN)
    assert done_steps(client.get(setup_url(shop))) == []

    client.post(setup_url(shop, "/key"))
    assert done_steps(client.get(setup_url(shop))) == ["key"]

    client.post(setup_url(shop, "/order"))
    assert done_steps(client.get(setup_url(shop))) == ["key", "order"]

    client.post(setup_url(shop, "/parcel"))
    assert done_steps(client.get(setup_url(shop))) == ["key", "order"]
    play_due_scans(timezone.now() + timedelta(minutes=1))
    assert done_steps(client.get(setup_url(shop))) == ["key", "order", "parcel"]


def test_a_key_is_shown_once_and_may_edit_this_shop_only():
    shop = make_shop()
    client = member_client(shop, Role.ADMIN)

    shown = _html(client.post(setup_url(shop, "/key")))

    [secret] = re.findall(r'id="new-key">([^<]+)<', shown)
    assert f"-u {shop.slug}:{secret}" in shown
    assert ApiKey.objects.get().grants.get().shop == shop
    assert ApiKey.objects.get().grants.get().role == Role.EDITOR
    assert secret not in _html(client.get(setup_url(shop)))
    assert client.get(setup_url(shop, "/key")).status_code == 302
    assert ApiKey.objects.count() == 1


def test_only_what_has_changed_is_sent_to_an_open_page():
    shop = make_shop()
    client = member_client(shop, Role.ADMIN)
    page = client.post(setup_url(shop, "/key"))

    same = client.get(setup_url(shop, f"?{next_look(page)}"), headers={"HX-Request": "true"})
    place_sample_order(shop)
    other = client.get(setup_url(shop, f"?{next_look(same)}"), headers={"HX-Request": "true"})

    assert 'id="step-' not in _html(same)
    assert re.findall(r'id="step-(\w+)"', _html(other)) == ["order", "parcel"]
    assert "step-key" not in _html(other)


def test_an_open_page_looks_for_news_for_a_while_only():
    shop = make_shop()
    client = member_client(shop, Role.ADMIN)
    query = next_look(client.get(setup_url(shop)))
    assert parse_qs(urlsplit(f"?{query}").query)["looks"] == [str(MOST_LOOKS)]

    last = client.get(setup_url(shop, "?looks=1"), headers={"HX-Request": "true"})

    assert "hx-get" not in _html(last)
    assert "has stopped looking for news" in text_of(last)


def test_the_sample_order_counts_as_a_test_once_its_parcel_is_sent():
    shop = make_shop()
    client = member_client(shop, Role.ADMIN)
    client.post(setup_url(shop, "/order"))

    client.post(setup_url(shop, "/parcel"))

    order = Order.objects.of(shop).get()
    assert order.is_test
    assert order.shipments.get().is_test


def test_an_order_of_the_shop_is_never_taken_for_the_sample():
    shop = make_shop()
    real = place(shop, order_number="1001")
    client = member_client(shop, Role.ADMIN)

    client.post(setup_url(shop, "/parcel"))

    real.refresh_from_db()
    assert not real.is_test
    assert real.state == "placed"
    assert Order.objects.of(shop).filter(is_test=True).count() == 1


def test_an_address_that_is_not_public_is_refused_with_what_to_change():
    shop = make_shop()
    client = member_client(shop, Role.ADMIN)

    refused = client.post(setup_url(shop, "/webhook"), {"url": "https://127.0.0.1/hook"})

    assert refused.status_code == 422
    assert "leads to an address that is not public" in text_of(refused)
    assert "WEBHOOK_ALLOWED_NETWORKS" in text_of(refused)
    assert not Webhook.objects.of(shop).exists()


def test_a_test_event_is_sent_to_the_webhook():
    shop = make_shop()
    client = member_client(shop, Role.ADMIN)

    made = client.post(setup_url(shop, "/webhook"), {"url": "https://203.0.114.1/hook"})
    client.post(setup_url(shop, "/test-event"))

    assert "whsec_" in text_of(made)
    assert Delivery.objects.of(shop).count() == 1
    again = client.get(setup_url(shop))
    assert "is on its way" in text_of(again)
    assert "whsec_" not in text_of(again)
    assert "webhook" not in done_steps(again)


def test_a_test_event_without_a_webhook_says_so():
    shop = make_shop()
    client = member_client(shop, Role.ADMIN)

    response = client.post(setup_url(shop, "/test-event"), follow=True)

    assert "There is no webhook yet." in text_of(response)


def test_it_is_in_the_menu_until_it_is_dismissed():
    shop = make_shop()
    client = member_client(shop, Role.ADMIN)
    link = f'<a class="menu-item menu-item-wide" href="{setup_url(shop)}"'
    assert link in _html(client.get(f"/shops/{shop.slug}/orders"))

    client.post(setup_url(shop, "/dismiss"))

    assert link not in _html(client.get(f"/shops/{shop.slug}/orders"))
    assert client.get(setup_url(shop)).status_code == 200


def test_who_may_not_make_keys_does_not_find_it_in_the_menu():
    shop = make_shop()

    page = member_client(shop, Role.EDITOR).get(f"/shops/{shop.slug}/orders")

    assert setup_url(shop) not in _html(page)


def test_the_page_costs_the_same_however_much_there_is(django_assert_max_num_queries):
    shop = make_shop()
    client = member_client(shop, Role.ADMIN)
    for path in ("/key", "/order", "/parcel", "/key", "/parcel"):
        client.post(setup_url(shop, path))
    for path in ("a", "b"):
        client.post(setup_url(shop, "/webhook"), {"url": f"https://203.0.114.1/{path}"})
        client.post(setup_url(shop, "/test-event"))

    with django_assert_max_num_queries(20):
        client.get(setup_url(shop))
