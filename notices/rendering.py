"""A mail from a text and its values: subject, plain text and HTML, each made safe for its place."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from django.template.loader import render_to_string
from django.utils.html import escape, format_html, urlize
from django.utils.safestring import SafeString, mark_safe

from notices.placeholders import PLACEHOLDERS
from notices.template import Line, filled, in_words
from notices.texts import Wording
from shops.models import Shop

LONGEST_SUBJECT = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendered:
    subject: str
    text: str
    html: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """What stands around the words: whose mail it is, and how to have no more of them."""

    shop: Shop
    wording: Wording
    unsubscribe_url: str
    is_test: bool = False


def render_mail(
    subject: str, body: str, values: Mapping[str, str], frame: Frame, *, button: str
) -> Rendered:
    """`button` is written on a link that stands alone on its line."""
    paragraphs = [
        list(lines)
        for is_blank, lines in groupby(filled(body, values), key=lambda line: not in_words(line))
        if not is_blank
    ]
    line = " ".join(in_words(line) for line in filled(subject, values))
    prefix = frame.wording.frame["test"] if frame.is_test else ""
    one_line = _one_line(f"{prefix} {line}")
    why = frame.wording.frame["why"].replace("{shop_name}", frame.shop.name)
    context = {
        "subject": one_line,
        "shop": frame.shop,
        "language": frame.wording.language,
        "paragraphs": [_paragraph(lines, button) for lines in paragraphs],
        "why": why,
        "unsubscribe": frame.wording.frame["unsubscribe"],
        "unsubscribe_url": frame.unsubscribe_url,
    }
    text = "\n\n".join("\n".join(map(in_words, lines)) for lines in paragraphs)
    foot = f"-- \n{why}\n{frame.wording.frame['unsubscribe']}: {frame.unsubscribe_url}"
    return Rendered(
        subject=one_line,
        text=_printable(f"{text}\n\n{foot}\n"),
        html=render_to_string("notices/mail.html", context),
    )


def _paragraph(lines: list[Line], button: str) -> SafeString:
    if len(lines) == 1 and (link := _lonely_link(lines[0])):
        return format_html(
            '<a class="button" href="{}" style="{}">{}</a>', link, _BUTTON_STYLE, button
        )
    # Each piece was escaped, or made by urlize, which escapes.
    return mark_safe("<br>\n".join(map(_html_line, lines)))  # noqa: S308  # nosec B308, B703


def _html_line(line: Line) -> str:
    return "".join(
        _html_value(piece.placeholder, piece.words)
        if piece.placeholder
        else urlize(_printable(piece.words), autoescape=True)
        for piece in line
    )


def _html_value(name: str, words: str) -> str:
    """Only placeholders that are links become links: a customer's name never does."""
    if PLACEHOLDERS[name].is_link:
        return format_html('<a href="{}">{}</a>', words, words) if words else ""
    return escape(_printable(words)).replace("\n", "<br>\n")


def _lonely_link(line: Line) -> str:
    said = [piece for piece in line if piece.words.strip()]
    is_link = len(said) == 1 and said[0].placeholder and PLACEHOLDERS[said[0].placeholder].is_link
    return said[0].words if is_link else ""


def _one_line(text: str) -> str:
    """Fit for a header: no line breaks, no control characters."""
    return " ".join(_printable(text).split())[:LONGEST_SUBJECT]


def _printable(text: str) -> str:
    """Without control characters, and without those that turn the direction of writing."""
    return "".join(
        one
        for one in text.replace("\t", " ")
        if one == "\n" or (one not in _TURNING and unicodedata.category(one) not in ("Cc", "Cs"))
    )


_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BUTTON_STYLE = (
    "display:inline-block;padding:12px 20px;border-radius:6px;background:#3f46d6;color:#ffffff;"
    "font-weight:bold;text-decoration:none"
)
