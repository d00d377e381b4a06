"""Colours that can be read, a logo that is a picture, texts in the reader's language."""

import io
import random

import pytest
from PIL import Image

from engagement.colours import DARK_PAPER, ENOUGH, LIGHT_PAPER, contrast, palette
from engagement.design import Design, Link, design_of, save_design
from engagement.errors import LogoUnusable
from engagement.logo import HEIGHT, WIDTH, read_logo
from tests.factories import make_shop


def picture(width=800, height=300, form="PNG", mode="RGB", **options):
    file = io.BytesIO()
    Image.new(mode, (width, height), 120).save(file, form, **options)
    file.seek(0)
    return file


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("seed", range(200))
def test_whatever_colour_is_chosen_can_be_read(seed):
    accent, band = (f"#{random.Random(f'{seed}{part}').randrange(2**24):06x}" for part in "ab")

    painted = palette(accent, band)

    assert contrast(painted.accent_on_light, LIGHT_PAPER) >= ENOUGH
    assert contrast(painted.accent_on_light, "#ffffff") >= ENOUGH
    assert contrast(painted.accent_on_dark, DARK_PAPER) >= ENOUGH
    assert contrast(painted.on_band, band) >= ENOUGH
    assert painted.was_adjusted == (contrast(accent, LIGHT_PAPER) < ENOUGH)


def test_a_colour_that_can_be_read_stays_as_it_is():
    assert palette("#0B5394", "").accent_on_light == "#0b5394"


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_logo_is_drawn_anew_and_small(form):
    logo = read_logo(picture(form=form))

    drawn = Image.open(io.BytesIO(logo.png))
    assert drawn.format == "PNG"
    assert drawn.width <= WIDTH
    assert drawn.height <= HEIGHT
    assert (logo.width, logo.height) == (-(-drawn.width // 2), -(-drawn.height // 2))
    assert len(logo.png) < 20_000


def test_what_a_picture_carries_beside_itself_is_left_behind():
    exif = Image.Exif()
    exif[0x010E] = "where it was taken"

    assert b"where it was taken" not in read_logo(picture(form="JPEG", exif=exif)).png


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7",
        b"x" * (3 * 1024 * 1024),
        picture().getvalue()[:200],
        picture(6000, 4000, mode="1").getvalue(),
    ],
    ids=["empty", "cut off", "svg", "pdf", "too large", "half a picture", "too many pixels"],
)
def test_what_is_no_usable_picture_is_refused(sent):
    with pytest.raises(LogoUnusable):
        read_logo(io.BytesIO(sent))


def test_texts_fall_back_to_the_shops_language_and_then_to_any():
    design = Design(texts={"de": {"greeting": "Hallo"}, "en": {"help": "Ask us."}})

    assert design.text("greeting", "en", "de") == "Hallo"
    assert design.text("help", "de", "de") == "Ask us."


@pytest.mark.django_db
def test_a_design_is_kept_as_it_was_given():
    shop = make_shop()
    design = Design(
        accent="#0b5394",
        band="#12352c",
        home_url="https://shop.example",
        texts={"en": {"greeting": "Hello", "help": ""}},
        links=(Link(url="https://shop.example/returns", labels={"en": "Returns"}),),
        picture_hosts=("cdn.shop.example",),
        logo=read_logo(picture()),
    )

    save_design(shop, Design(accent="#000000"))
    save_design(shop, design)

    assert design_of(shop) == design
    assert design_of(make_shop()) == Design()
