"""Sending a test parcel from the portal, watching it and stopping it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from intake.test_parcels import send_test_parcel
from orders.models import Order
from shipments.feeds.models import PlannedScan, Simulation
from shipments.feeds.simulator.play import MOST_RUNNING, play_due_scans
from shipments.feeds.simulator.stories import STORIES, Speed
from shops.models import Role
from tests.factories import make_shop
from tests.portal.pages import member_client, orders_url, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def editor(shop):
    return member_client(shop, Role.EDITOR)


def page_url(shop):
    return reverse("portal:test_parcels", kwargs={"slug": shop.slug})


def stop_url(simulation):
    arguments = {"slug": simulation.shop.slug, "simulation_id": simulation.id}
    return reverse("portal:stop_test_parcel", kwargs=arguments)


def test_it_is_sent_through_the_chosen_story_at_the_chosen_speed(editor, shop):
    said = {"story": "lost", "speed": "3600"}

    response = editor.post(page_url(shop), said, follow=True)

    simulation = Simulation.objects.get()
    assert (simulation.story, simulation.seconds_per_day) == ("lost", 3600)
    order = Order.objects.get()
    text = text_of(response)
    assert f"The test parcel of order {order.order_number} is on its way." in text
    assert "Shipment data received" in text
    assert "A day in an hour" in text


def test_it_is_marked_wherever_it_is_shown(editor, shop):
    send_test_parcel(shop, story=STORIES["smooth"], speed=Speed.AS_IT_IS)
    order = Order.objects.get()

    assert ">Test</span>" in editor.get(orders_url(shop)).content.decode()
    page = editor.get(f"{orders_url(shop)}/{order.id}").content.decode()
    assert ">Test</span>" in page


@pytest.mark.parametrize(
    "said", [{}, {"story": "dragons", "speed": "60"}, {"story": "smooth", "speed": "1"}]
)
def test_what_does_not_exist_is_not_sent(editor, shop, said):
    response = editor.post(page_url(shop), said)

    assert "field-error" in response.content.decode()
    assert not Order.objects.exists()


def test_where_it_is_and_what_comes_next(editor, shop):
    simulation = send_test_parcel(shop, story=STORIES["smooth"], speed=Speed.A_DAY_IN_A_MINUTE)
    play_due_scans(simulation.started_at + timedelta(seconds=41 / 24 * 60))

    text = text_of(editor.get(page_url(shop)))

    assert "Out for delivery" in text
    assert "Successfully delivered" in text


def test_what_its_story_adds_is_said_in_the_language_of_the_reader(editor, shop):
    simulation = send_test_parcel(shop, story=STORIES["lost"], speed=Speed.A_DAY_IN_10_SECONDS)
    play_due_scans(simulation.started_at + timedelta(days=1))
    path = f"/shops/{shop.slug}/shipments/{simulation.shipment_id}"

    text = text_of(editor.get(path, headers={"Accept-Language": "de"}))

    assert "Der Zusteller sucht nach dem Paket." in text
    assert "The carrier searches" not in text


def test_htmx_asks_again_only_while_one_is_on_its_way(editor, shop):
    simulation = send_test_parcel(shop, story=STORIES["smooth"], speed=Speed.A_DAY_IN_A_MINUTE)
    headers = {"HX-Request": "true", "HX-Target": "test-parcels"}

    on_its_way = editor.get(page_url(shop), headers=headers).content.decode()
    play_due_scans(simulation.started_at + timedelta(days=1))
    arrived = editor.get(page_url(shop), headers=headers).content.decode()

    assert "hx-trigger" in on_its_way
    assert "<html" not in on_its_way
    assert "hx-trigger" not in arrived
    assert "6 of 6 reported" in arrived


def test_it_is_stopped(editor, shop):
    simulation = send_test_parcel(shop, story=STORIES["smooth"], speed=Speed.AS_IT_IS)

    response = editor.post(stop_url(simulation), follow=True)

    assert "Stopped" in text_of(response)
    assert not PlannedScan.objects.exists()
    again = editor.post(stop_url(simulation), follow=True)
    assert "Stopped" in text_of(again)


def test_another_shops_is_not_stopped(editor):
    other = make_shop()
    simulation = send_test_parcel(other, story=STORIES["smooth"], speed=Speed.AS_IT_IS)
    url = stop_url(simulation).replace(other.slug, Simulation.objects.get().shop.slug)
    own = url.replace(f"/{other.slug}/", f"/{make_shop().slug}/")

    assert editor.post(url).status_code == 404
    assert editor.post(own).status_code == 404
    assert PlannedScan.objects.exists()


def test_too_many_are_refused_in_words(editor, shop):
    for _ in range(MOST_RUNNING):
        send_test_parcel(shop, story=STORIES["smooth"], speed=Speed.AS_IT_IS)

    response = editor.post(page_url(shop), {"story": "smooth", "speed": "60"}, follow=True)

    assert "test parcels are on their way; stop one" in text_of(response)


def test_viewers_send_none(shop):
    viewer = member_client(shop)

    assert viewer.post(page_url(shop), {"story": "smooth", "speed": "60"}).status_code == 403
    assert page_url(shop) not in viewer.get(orders_url(shop)).content.decode()


def test_its_queries_do_not_grow_with_the_parcels(editor, shop, django_assert_max_num_queries):
    for _ in range(5):
        send_test_parcel(shop, story=STORIES["smooth"], speed=Speed.AS_IT_IS)

    with django_assert_max_num_queries(8):
        editor.get(page_url(shop))


def test_nobody_is_asked_who_carries_it(editor, shop):
    shipment = send_test_parcel(
        shop, story=STORIES["smooth"], speed=Speed.A_DAY_IN_A_MINUTE
    ).shipment

    for url in (
        reverse("portal:order", kwargs={"slug": shop.slug, "order_id": shipment.order_id}),
        reverse("portal:shipment", kwargs={"slug": shop.slug, "shipment_id": shipment.id}),
    ):
        assert "Carrier needs a look" not in text_of(editor.get(url))
