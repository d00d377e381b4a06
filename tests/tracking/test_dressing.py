import io

import pytest
from django.test import Client
from PIL import Image

from engagement.design import Design, save_design
from engagement.logo import read_logo
from tests.factories import make_shop, place
from tests.tracking.pages import customer, page_url

pytestmark = pytest.mark.django_db


def logo():
    file = io.BytesIO()
    Image.new("RGB", (400, 100), "#12352c").save(file, "PNG")
    file.seek(0)
    return read_logo(file)


def test_colours_and_logo_are_files_of_ours_that_browsers_keep():
    shop = make_shop(name="Lamps")
    design = Design(accent="#0b5394", band="#ffe066", logo=logo())
    save_design(shop, design)
    page = customer().get(page_url(place(shop))).content.decode()

    style, picture = (f"/t/design/{shop.slug}/{design.digest}.{end}" for end in ("css", "png"))
    assert style in page
    assert f'src="{picture}" alt="Lamps"' in page
    css, png = Client().get(style), Client().get(picture)
    assert "--accent: light-dark(#0b5394, " in css.content.decode()
    assert "--on-band: #000000" in css.content.decode()
    assert png.content == design.logo.png
    for answer in (css, png):
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_under_an_old_name_nothing_new_is_kept():
    shop = make_shop()
    old = Design(accent="#0b5394")
    save_design(shop, Design(accent="#aa0000"))

    answer = Client().get(f"/t/design/{shop.slug}/{old.digest}.css")

    assert "#aa0000" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_shop_without_a_logo_has_none():
    shop = make_shop()

    assert Client().get(f"/t/design/{shop.slug}/{Design().digest}.png").status_code == 404
