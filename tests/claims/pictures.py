"""Pictures, and what pretends to be some."""

import struct
import zlib
from io import BytesIO

from PIL import Image, PngImagePlugin

SECRET = b"GPS 52.5200 13.4050"


def picture(form: str = "JPEG", *, size: tuple[int, int] = (640, 480), mode: str = "RGB") -> bytes:
    """With metadata that names a place, and an orientation, where the format can have them."""
    made = Image.new(mode, size, "teal")
    written = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif[0x0112] = 6
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", SECRET.decode())
    extra = {"pnginfo": info} if form == "PNG" else {"exif": exif} if form != "GIF" else {}
    made.save(written, form, **extra)
    return written.getvalue()


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few bytes that says it has billions of pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\0" * 100
HTML_AFTER_PICTURE = b"<html><script>alert(1)</script></html>"
