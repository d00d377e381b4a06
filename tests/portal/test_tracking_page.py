"""The tracking page's editor."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from engagement.announcements import announce
from engagement.design import Design, Link, design_of, save_design
from engagement.models import Announcement
from shops.models import Role
from tests.admin.pages import filled
from tests.factories import make_shop
from tests.portal.pages import member_client, text_of

pytestmark = pytest.mark.django_db


def url(shop, rest=""):
    return f"/shops/{shop.slug}/tracking-page{rest}"


def send(shop, client=None, **changes):
    client = client or member_client(shop, Role.ADMIN)
    return client.post(url(shop), {**filled(client, url(shop), "design"), **changes})


def picture():
    file = io.BytesIO()
    Image.new("RGB", (400, 100), "#12352c").save(file, "PNG")
    return SimpleUploadedFile("logo.png", file.getvalue(), "image/png")


def test_it_says_where_customers_find_their_order_without_a_link(settings):
    shop = make_shop()
    settings.BASE_URL = "https://track.example"

    page = text_of(member_client(shop, Role.ADMIN).get(url(shop)))

    assert f"ZIP code at https://track.example/t/find/{shop.slug}" in page


def test_looks_and_texts_are_saved():
    shop = make_shop()

    response = send(
        shop,
        accent="#0B5394",
        has_band="on",
        band="#12352c",
        home_url="https://shop.example",
        greeting_en="Thank you.",
        greeting_de="Danke.",
        link_1_url="https://shop.example/returns",
        link_1_en="Returns",
        link_2_url="mailto:help@shop.example",
        link_2_de="Hilfe",
        picture_hosts="https://cdn.shop.example/pictures\nimages.example",
        logo=picture(),
    )

    assert response.status_code == 302
    design = design_of(shop)
    assert (design.accent, design.band) == ("#0b5394", "#12352c")
    assert design.text("greeting", "de", "en") == "Danke."
    assert design.links == (
        Link(url="https://shop.example/returns", labels={"en": "Returns"}),
        Link(url="mailto:help@shop.example", labels={"de": "Hilfe"}),
    )
    assert design.picture_hosts == ("cdn.shop.example", "images.example")
    assert design.logo is not None


def test_what_the_page_shows_of_a_design_saves_the_same_design():
    shop = make_shop()
    send(shop, accent="#0b5394", greeting_en="Hello.", logo=picture())
    saved = design_of(shop)

    send(shop)

    assert design_of(shop) == saved


def test_the_logo_can_be_taken_off():
    shop = make_shop()
    send(shop, logo=picture())

    send(shop, removes_logo="on")

    assert design_of(shop).logo is None


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("accent", "red", "Write a colour as #3f46d6."),
        ("home_url", "javascript:alert(1)", "Begin with https://"),
        ("link_1_url", "data:text/html,x", "Begin with https://"),
        ("link_1_url", "https://shop.example", "Say in words where this leads."),
        ("picture_hosts", "cdn.example; script-src *", "is no name of a host"),
        ("picture_hosts", "*", "is no name of a host"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(field, value, why):
    shop = make_shop()

    response = send(shop, **{field: value})

    assert response.status_code == 200
    assert why in text_of(response)
    assert design_of(shop) == Design()


def test_what_is_no_picture_is_refused():
    shop = make_shop()

    response = send(shop, logo=SimpleUploadedFile("logo.svg", b"<svg/>", "image/svg+xml"))

    assert "This is no PNG, JPEG, WebP or GIF that can be read." in text_of(response)


def test_a_pale_colour_is_said_to_be_darkened():
    shop = make_shop()
    save_design(shop, Design(accent="#ffee00"))

    page = member_client(shop, Role.ADMIN).get(url(shop))

    assert "#ffee00 is too pale to be read on white." in text_of(page)


def test_what_is_tried_out_is_not_saved_but_kept_with_its_logo_until_it_is():
    shop = make_shop()
    client = member_client(shop, Role.ADMIN)

    tried = send(shop, client, greeting_en="Thank you.", logo=picture(), **{"try": "1"})
    preview = client.get(tried.context["preview_url"])
    assert design_of(shop) == Design()
    sent = {"draft": tried.context["draft"], "greeting_en": "Thank you."}
    send(shop, client, **sent)

    assert "Thank you." in text_of(preview)
    assert design_of(shop).logo is not None


def test_the_draft_of_another_shop_is_none_of_ones_own():
    shop, other = make_shop(), make_shop()
    tried = send(other, greeting_en="Secret plans.", **{"try": "1"})

    page = member_client(shop, Role.ADMIN).get(url(shop, f"?draft={tried.context['draft']}"))

    assert "Secret plans." not in page.content.decode()


def test_any_story_can_be_looked_at():
    shop = make_shop()

    page = member_client(shop, Role.ADMIN).get(url(shop, "?story=lost&step=3&lang=de"))

    assert page.context["preview_url"].endswith("?story=lost&step=3&lang=de")
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]


def test_an_announcement_is_made_and_removed():
    shop = make_shop()
    client = member_client(shop, Role.ADMIN)

    client.post(
        url(shop, "/announcements"), {"text_en": "A strike.", "ends_at": "2100-01-01T08:00"}
    )
    [announcement] = Announcement.objects.of(shop)
    assert announcement.texts == {"en": "A strike."}
    assert announcement.ends_at.isoformat() == "2100-01-01T07:00:00+00:00"
    assert "A strike." in text_of(client.get(url(shop)))
    client.post(url(shop, f"/announcements/{announcement.id}/remove"))

    assert not Announcement.objects.of(shop).exists()


def test_an_announcement_without_words_or_time_is_refused():
    shop = make_shop()
    client = member_client(shop, Role.ADMIN)
    sent = {"starts_at": "2100-01-02T08:00", "ends_at": "2100-01-01T08:00"}

    response = client.post(url(shop, "/announcements"), sent)

    assert "Write the text in one language at least." in text_of(response)
    assert "It must end after it begins." in text_of(response)


def test_the_announcement_of_another_shop_cannot_be_removed():
    shop = make_shop()
    announcement = announce(make_shop(), texts={"en": "A strike."})

    client = member_client(shop, Role.ADMIN)

    response = client.post(url(shop, f"/announcements/{announcement.id}/remove"))

    assert response.status_code == 404
    assert Announcement.objects.filter(id=announcement.id).exists()
