"""Pictures from strangers: what is kept of them, and what is refused."""

from io import BytesIO

import pytest
from PIL import Image

from claims.errors import PhotoRefused
from claims.images import LONGEST_SIDE, MOST_BYTES, take_in
from claims.signatures import PREFIX, drawn_signature, typed_signature
from tests.claims.pictures import HEIC, HTML_AFTER_PICTURE, SECRET, SVG, bomb, picture


def taken(content: bytes):
    return take_in(BytesIO(content), size=len(content))


def refusal(content: bytes) -> str:
    with pytest.raises(PhotoRefused) as refused:
        taken(content)
    return refused.value.message


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_made_anew_without_its_metadata(form):
    sent = picture(form)
    assert SECRET in sent

    kept = taken(sent)

    assert SECRET not in kept.content
    read = Image.open(BytesIO(kept.content))
    assert (read.format, read.mode) == ("JPEG", "RGB")
    assert not read.getexif()
    assert read.size == (kept.width, kept.height)


def test_a_picture_on_its_side_is_put_upright():
    kept = taken(picture("JPEG", size=(640, 480)))

    assert (kept.width, kept.height) == (480, 640)


def test_a_large_picture_is_made_smaller():
    kept = taken(picture("PNG", size=(5000, 3000)))

    assert (kept.width, kept.height) == (LONGEST_SIDE, round(LONGEST_SIDE * 3 / 5))


def test_what_is_transparent_becomes_white():
    written = BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(written, "PNG")

    kept = Image.open(BytesIO(taken(written.getvalue()).content))

    assert kept.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1"])
def test_pictures_of_any_kind_become_plain_ones(mode):
    form = "JPEG" if mode == "CMYK" else "PNG"
    written = BytesIO()
    Image.new("RGB", (20, 20), "red").convert(mode).save(written, form)

    assert taken(written.getvalue()).width == 20


def test_what_is_hidden_behind_a_picture_is_not_kept():
    kept = taken(picture("JPEG") + HTML_AFTER_PICTURE)

    assert b"script" not in kept.content


@pytest.mark.parametrize(
    "content",
    [SVG, b"<html></html>", b"%PDF-1.7", b"GIF89a" + b"\0" * 50, b"\xff\xd8\xff", b"MZ" * 40],
)
def test_what_is_no_picture_of_a_known_format_is_refused(content):
    assert "JPEG, PNG and WebP" in refusal(content)


def test_a_gif_is_refused():
    assert "JPEG, PNG and WebP" in refusal(picture("GIF"))


def test_heic_is_refused_with_a_way_out():
    assert "HEIC" in refusal(HEIC)


@pytest.mark.parametrize("size", [(60_000, 60_000), (30_000, 10), (10_000, 9_000)])
def test_a_bomb_is_refused_before_it_is_decoded(size):
    assert "million pixels" in refusal(bomb(*size))


@pytest.mark.parametrize(
    ("form", "sentence"),
    [("JPEG", "cut off"), ("PNG", "cut off"), ("WEBP", "The file is not a picture")],
)
def test_a_truncated_picture_is_refused(form, sentence):
    content = picture(form, size=(1500, 1500))

    assert sentence in refusal(content[: len(content) // 2])


def test_an_empty_file_is_refused():
    assert "empty" in refusal(b"")


def test_a_file_that_is_too_large_is_refused_unread():
    class Unreadable(BytesIO):
        def read(self, *_):
            raise AssertionError

    with pytest.raises(PhotoRefused, match="larger than 12 MB"):
        take_in(Unreadable(), size=MOST_BYTES + 1)


def test_a_typed_name_becomes_a_picture():
    assert typed_signature("Zoë Müller").width > 100
    assert typed_signature(" ").width > 0


@pytest.mark.parametrize(
    "said", ["", "data:image/svg+xml;base64,AAAA", f"{PREFIX}!!", "x" * 400_000]
)
def test_a_drawing_that_is_none_is_refused(said):
    with pytest.raises(PhotoRefused):
        drawn_signature(said)
