"""The portal's typeface as browsers load it: of Karla what Europe's languages need, as WOFF2.

Its package has all of it as TrueType, which weighs three times as much.
"""

import logging
import os
from pathlib import Path
from typing import Any

import fontpkg_karla
from django.conf import settings
from django.contrib.staticfiles.finders import BaseStorageFinder
from django.core.files.storage import FileSystemStorage
from fontTools import subset
from fontTools.varLib.instancer import instantiateVariableFont

SOURCE = Path(fontpkg_karla.__file__).parent / "files" / "Karla[wght].ttf"
NAME = "karla/karla.woff2"
WEIGHTS = (400, 700)
"""The lightest and the boldest that style sheets ask for."""
CHARACTERS = (
    *range(0x20, 0x17F + 1),  # Latin, with the accents of Europe
    *range(0x2010, 0x203A + 1),  # dashes, quotation marks, ellipsis
    0x20AC,  # euro
    *range(0x2190, 0x2199 + 1),  # arrows
    0x2212,  # minus
    *range(0x2248, 0x2265 + 1),  # comparisons
)


class WebFontFinder(BaseStorageFinder):
    """Finds it for `collectstatic` and for tests; the first who asks makes it."""

    def __init__(self, *args: Any, **more: Any) -> None:
        folder = Path(settings.DATA_DIR) / "webfont"
        made = folder / NAME
        if not made.exists():
            made.parent.mkdir(parents=True, exist_ok=True)
            half = made.with_suffix(f".{os.getpid()}")
            make(half)
            half.replace(made)
        super().__init__(FileSystemStorage(location=folder), *args, **more)

    def check(self, **more: Any) -> list[Any]:
        return []


def make(target: Path) -> None:
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    options = subset.Options(
        flavor="woff2",
        hinting=False,
        layout_features=["ccmp", "kern", "liga", "locl", "mark", "mkmk", "tnum"],
    )
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=CHARACTERS)
    with subset.load_font(str(SOURCE), options) as font:
        chosen.subset(font)
        instantiateVariableFont(font, {"wght": WEIGHTS}, inplace=True)
        subset.save_font(font, str(target), options)
