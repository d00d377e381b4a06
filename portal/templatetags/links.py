"""Addresses that shops send, before they become links or pictures."""

from urllib.parse import urlsplit

from django import template

register = template.Library()


@register.filter
def web_link(url: str) -> str:
    """The address if it leads to a web page, else nothing: no javascript:, no data:."""
    return url if _scheme(url) in ("https", "http") else ""


@register.filter
def first_picture(images: list[dict[str, str]]) -> str:
    """The first of a product's images that may be shown (over https), or nothing."""
    sources = (str(image.get("src", "")) for image in images)
    return next((src for src in sources if _scheme(src) == "https"), "")


@register.filter
def host(url: str) -> str:
    return urlsplit(url).hostname or url


def _scheme(url: str) -> str:
    try:
        return urlsplit(url).scheme
    except ValueError:
        return ""
