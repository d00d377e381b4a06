import pytest

from engagement.models import Rating
from shops.models import Role
from tests.factories import make_shop
from tests.portal.pages import member_client, text_of
from tests.tracking.pages import customer, delivered, page_url, ship

pytestmark = pytest.mark.django_db


def rate(shipment, client=None, **sent):
    url = page_url(shipment.order, f"/parcels/{shipment.id}/rating")
    return (client or customer()).post(url, {"score": "4", "comment": "", **sent})


def test_a_rating_is_taken_and_shown_at_once():
    shipment = delivered(make_shop())
    customer().get(page_url(shipment.order))

    response = rate(shipment, comment="On time.")

    assert response.status_code == 302
    assert response.headers["Location"] == f"{page_url(shipment.order)}#rating-1"
    assert "You gave 4 of 5." in text_of(customer().get(page_url(shipment.order)))
    rating = Rating.objects.of(shipment.shop).get()
    assert (rating.score, rating.comment, rating.shipment) == (4, "On time.", shipment)


def test_another_rating_takes_the_place_of_the_first():
    shipment = delivered(make_shop())

    rate(shipment, score="1")
    rate(shipment, score="5")

    assert [rating.score for rating in Rating.objects.of(shipment.shop)] == [5]


@pytest.mark.parametrize("score", ["", "0", "6", "4.5", "many"])
def test_what_is_no_rating_is_refused_in_words(score):
    shipment = delivered(make_shop())

    response = rate(shipment, score=score)

    assert response.status_code == 422
    assert "That did not work" in text_of(response)
    assert not Rating.objects.exists()


def test_what_was_not_delivered_cannot_be_rated():
    shipment = ship(make_shop())

    assert b"How was the delivery?" not in customer().get(page_url(shipment.order)).content
    assert rate(shipment).status_code == 422
    assert not Rating.objects.exists()


def test_a_form_on_another_site_rates_nothing():
    shipment = delivered(make_shop())
    url = page_url(shipment.order, f"/parcels/{shipment.id}/rating")

    response = customer().post(url, {"score": "1"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 404
    assert not Rating.objects.exists()


def test_the_shop_reads_it_beside_the_parcel():
    shipment = delivered(make_shop())
    rate(shipment, comment="On time.")
    client = member_client(shipment.shop, Role.VIEWER)

    for room in (f"orders/{shipment.order_id}", f"shipments/{shipment.id}"):
        page = client.get(f"/shops/{shipment.shop.slug}/{room}")
        assert "Rated 4 of 5 : On time." in text_of(page)
