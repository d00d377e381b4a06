"""Signatures: a name that was typed, made into a picture, or one that was drawn."""

from base64 import b64decode
from binascii import Error as Base64Error
from io import BytesIO
from pathlib import Path

import fontpkg_karla
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from claims.errors import PhotoRefused
from claims.images import Picture, take_in

FACE = Path(fontpkg_karla.__file__).parent / "files" / "Karla-Italic[wght].ttf"
MOST_DRAWN = 300_000
"""Characters of a drawing, which comes as a data URL."""
PREFIX = "data:image/png;base64,"


def typed_signature(name: str) -> Picture:
    font = ImageFont.truetype(str(FACE), 48)
    left, top, right, bottom = (int(edge) for edge in font.getbbox(name))
    picture = Image.new("RGB", (max(right - left, 1) + 48, max(bottom - top, 1) + 48), "white")
    ImageDraw.Draw(picture).text((24 - left, 24 - top), name, font=font, fill="#16181d")
    return _as_sent(picture)


def drawn_signature(said: str) -> Picture:
    """Of a data URL as a canvas makes it; raises `PhotoRefused`."""
    if len(said) > MOST_DRAWN or not said.startswith(PREFIX):
        raise PhotoRefused(_("The drawing could not be read. Type your name instead."))
    try:
        content = b64decode(said.removeprefix(PREFIX), validate=True)
    except (Base64Error, ValueError):
        raise PhotoRefused(_("The drawing could not be read. Type your name instead.")) from None
    return take_in(BytesIO(content), size=len(content))


def _as_sent(picture: Image.Image) -> Picture:
    written = BytesIO()
    picture.save(written, "PNG")
    size = written.tell()
    written.seek(0)
    return take_in(written, size=size)
