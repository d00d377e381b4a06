"""Pictures from strangers: checked by decoding them, and made anew without what came with them.

What is stored is never what was sent: a file that is a picture and something else besides, its
metadata (such as where it was taken), and whatever hides in its margins end here.
"""

import warnings
from dataclasses import dataclass
from hashlib import blake2b
from io import BytesIO
from threading import BoundedSemaphore
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from claims.errors import PhotoRefused

MOST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 50_000_000
MOST_EDGE = 20_000
LONGEST_SIDE = 2_048
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")
AT_ONCE = BoundedSemaphore(2)
"""A picture of the largest size takes some 200 MB while it is decoded."""

_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A JPEG of ours."""

    content: bytes
    width: int
    height: int
    digest: str


def take_in(sent: IO[bytes], *, size: int) -> Picture:
    """The picture in the file, upright and at most LONGEST_SIDE wide or high.

    Raises `PhotoRefused` with a sentence for the customer.
    """
    if size == 0:
        raise PhotoRefused(_("The file is empty."))
    if size > MOST_BYTES:
        raise PhotoRefused(
            _("The file is larger than %d MB. Send a smaller picture.") % (MOST_BYTES // 1024**2)
        )
    with AT_ONCE:
        picture = _opened(sent)
        try:
            return _made_anew(picture)
        except Exception as problem:
            raise PhotoRefused(
                _("The picture is damaged or was cut off on its way. Send it again.")
            ) from problem


def _opened(sent: IO[bytes]) -> Image.Image:
    """Its head is read, so that nothing is decoded that is too large."""
    head = sent.read(16)
    sent.seek(0)
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        raise PhotoRefused(
            _("Pictures in the HEIC format cannot be read here. Send it as a JPEG instead.")
        )
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            picture = Image.open(sent, formats=FORMATS)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise PhotoRefused(_too_many_pixels()) from None
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, OverflowError):
            raise PhotoRefused(
                _("The file is not a picture. JPEG, PNG and WebP pictures are taken.")
            ) from None
        if picture.width * picture.height > MOST_PIXELS or max(picture.size) > MOST_EDGE:
            raise PhotoRefused(_too_many_pixels())
        return picture


def _made_anew(picture: Image.Image) -> Picture:
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    picture.load()
    picture = ImageOps.exif_transpose(picture)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        picture = paper
    bare = Image.new("RGB", picture.size)
    bare.paste(picture.convert("RGB"))
    written = BytesIO()
    bare.save(written, "JPEG", quality=QUALITY, optimize=True)
    content = written.getvalue()
    digest = blake2b(content, digest_size=16).hexdigest()
    return Picture(content=content, width=bare.width, height=bare.height, digest=digest)


def _too_many_pixels() -> str:
    return _("The picture has more than %d million pixels. Send a smaller one.") % (
        MOST_PIXELS // 1_000_000
    )
