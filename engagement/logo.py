"""A shop's logo: whatever picture came is decoded and drawn anew, small, as a PNG."""

import io
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from engagement.errors import LogoUnusable

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 20_000_000
WIDTH, HEIGHT = 400, 112
"""Twice what the page shows, for sharp screens."""
MOST_COLOURS = 128
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


@dataclass(frozen=True, kw_only=True, slots=True)
class Logo:
    png: bytes
    width: int
    height: int
    """As the page shows it."""


def read_logo(file: IO[bytes]) -> Logo:
    """Raises `LogoUnusable` for what is no picture, or too large a one."""
    raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise LogoUnusable(_("The picture has more than 2 MB. Please send a smaller one."))
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise LogoUnusable(_("The picture has too many pixels. Please send a smaller one."))
            picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as fault:
        raise LogoUnusable(_("This is no PNG, JPEG, WebP or GIF that can be read.")) from fault
    picture.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    drawn = io.BytesIO()
    small = picture.quantize(MOST_COLOURS, method=Image.Quantize.FASTOCTREE)
    small.save(drawn, "PNG", optimize=True)
    return Logo(png=drawn.getvalue(), width=-(-picture.width // 2), height=-(-picture.height // 2))
