"""Amounts by locale."""

import re
from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_currency, get_currency_precision
from django import template

from portal.templatetags.moments import current_locale

register = template.Library()

LETTER_BEFORE_DIGIT = re.compile(r"(?<=[A-Za-z])(?=\d)")
"""“PLN 30.70”: as CLDR wants it (alphaNextToNumber), and Babel does not do."""


@register.simple_tag
def money(amount: Decimal | None, currency: str) -> str:
    """“€29.99”, with more decimals where the amount has them; a dash where nothing was sent."""
    return "–" if amount is None else _written(amount, currency, current_locale())


@lru_cache(maxsize=4096)
def _written(amount: Decimal, currency: str, locale: str) -> str:
    """Kept, for the lines of an order cost much the same, and Babel takes its time."""
    is_rounded = amount == round(amount, get_currency_precision(currency))
    text = format_currency(
        amount if is_rounded else amount.normalize(),
        currency,
        locale=locale,
        decimal_quantization=is_rounded,
    )
    return LETTER_BEFORE_DIGIT.sub("\xa0", text)
