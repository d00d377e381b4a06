import pytest
from django.test import Client

from engagement.design import Design
from engagement.models import PageAction
from engagement.preview import Preview, keep_preview
from engagement.scenes import scene_of, scene_titles, step_titles
from orders.models import Order
from shipments.models import Scan, Shipment
from tests.factories import make_shop
from tests.portal.pages import text_of

pytestmark = pytest.mark.django_db

EVERY_SCENE = [
    (name, step) for name in scene_titles() for step in range(len(step_titles(name, "en")) or 1)
]


@pytest.mark.parametrize(("story", "step"), EVERY_SCENE)
def test_every_scene_is_shown_and_nothing_is_written(story, step):
    key = keep_preview(Preview(shop_id=make_shop(name="Lamps").id, design=Design()))

    response = Client().get(f"/t/preview/{key}?story={story}&step={step}&lang=de")

    assert response.status_code == 200
    assert "Bestellung 10482" in text_of(response)
    for model in (Order, Shipment, Scan, PageAction):
        assert not model.objects.exists()


@pytest.mark.parametrize(
    ("story", "step", "said"),
    [
        ("smooth", 5, "Arrives today, 13–15"),
        ("smooth", 6, "Delivered today, 14:00"),
        ("delayed", 4, "Later than planned: "),
        ("failed_then_parcel_shop", 4, "Nobody was home"),
        ("failed_then_parcel_shop", 6, "Parcel shop on the corner"),
        ("lost", 6, "Your parcel was lost"),
        ("returned", 6, "Your parcel is back at the shop"),
        ("cancelled", 0, "This order was cancelled"),
        ("several", 0, "3 parcels: 1 delivered, 1 on its way, 1 not sent yet"),
        ("expected", 0, "Your parcel is being prepared"),
        ("return", 0, "Your return is on its way"),
        ("failed_then_parcel_shop", 4, "A card was left."),
        ("failed_then_parcel_shop", "4&lang=de", "Eine Karte wurde hinterlassen."),
    ],
)
def test_a_scene_says_what_it_is_about(story, step, said):
    key = keep_preview(Preview(shop_id=make_shop().id, design=Design()))

    response = Client().get(f"/t/preview/{key}?story={story}&step={step}")

    assert said in text_of(response)


def test_only_our_own_pages_may_frame_it():
    key = keep_preview(Preview(shop_id=make_shop().id, design=Design()))

    headers = Client().get(f"/t/preview/{key}").headers

    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Cache-Control"] == "no-store"


def test_it_leads_nowhere():
    key = keep_preview(Preview(shop_id=make_shop().id, design=Design(home_url="https://a.example")))

    page = Client().get(f"/t/preview/{key}?story=smooth&step=6").content.decode()

    assert 'method="post"' not in page
    assert "a.example" not in page


def test_a_key_that_nobody_kept_leads_nowhere():
    for rest in ("", "/design.css", "/logo.png"):
        assert Client().get(f"/t/preview/nobodys{rest}").status_code == 404


@pytest.mark.parametrize(("asked", "step"), [("99", 6), ("-1", 6), ("2", 2), ("9" * 5000, 6)])
def test_a_step_that_is_none_is_the_last(asked, step):
    assert scene_of("smooth", asked).step == step
