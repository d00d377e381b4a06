"""A shop's colours, made so that everybody can read what is written in them.

Contrast is that of WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio): 1 to 21, and 4.5 at
the least for text.
"""

import re
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass

HEX = re.compile(r"#[0-9a-fA-F]{6}")
ENOUGH = 4.5
LIGHT_PAPER, DARK_PAPER = "#f5f5f7", "#1c1e24"
"""The hardest of the papers that text in the accent stands on: the darkest light one, and the
lightest dark one (static/tracking/page.css)."""
BLACK, WHITE = "#000000", "#ffffff"
ACCENT = "#3f46d6"
"""Of shops that chose none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Palette:
    """What the page is painted in; each pair of ink and paper has enough contrast."""

    accent_on_light: str
    accent_on_dark: str
    band: str
    """Behind the logo; empty for the page's own paper."""
    on_band: str

    @property
    def was_adjusted(self) -> bool:
        return self.accent_on_light != self.chosen

    chosen: str


def palette(accent: str, band: str) -> Palette:
    """Colours that are empty are ours."""
    chosen = (accent or ACCENT).lower()
    return Palette(
        chosen=chosen,
        accent_on_light=readable(chosen, LIGHT_PAPER),
        accent_on_dark=readable(chosen, DARK_PAPER),
        band=band.lower(),
        on_band=max(BLACK, WHITE, key=lambda ink: contrast(ink, band)) if band else "",
    )


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: str, paper: str) -> str:
    """The colour itself if it can be read on `paper`, else the nearest of its hue that can."""
    hue, lightness, saturation = rgb_to_hls(*_channels(colour))
    step = -0.01 if _luminance(paper) > 0.18 else 0.01
    found = colour
    while contrast(found, paper) < ENOUGH:
        lightness = min(1.0, max(0.0, lightness + step))
        found = _hex(hls_to_rgb(hue, lightness, saturation))
    return found


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red / 255, green / 255, blue / 255


def _hex(channels: tuple[float, float, float]) -> str:
    return "#" + bytes(round(part * 255) for part in channels).hex()
