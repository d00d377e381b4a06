"""Amounts as people read them, by their unit and the page's language."""

from decimal import Decimal

from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_symbol,
)
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from analytics.answers import Amount, Unit
from portal.templatetags.moments import current_locale
from portal.templatetags.money import LETTER_BEFORE_DIGIT

NOTHING = "–"
ROUND_FROM = 10_000
"""Amounts of money from which on cents say nothing."""


def words_of(value: Amount | None, unit: Unit, currency: str = "") -> str:
    """“94.2%”, “2.4 days”, “€1,249.90”, “1,284”; a dash where nothing was counted."""
    if value is None:
        return NOTHING
    if unit is Unit.DAYS:
        return _("%s days") % bare_words_of(value, unit)
    return bare_words_of(value, unit, currency)


def words_after_from(value: Amount, unit: Unit, currency: str = "") -> str:
    """The same in “from 2.4 days”: some languages bend the word for the unit there."""
    if unit is Unit.DAYS:
        return pgettext("after “from”", "%s days") % bare_words_of(value, unit)
    return words_of(value, unit, currency)


def bare_words_of(value: Amount | None, unit: Unit, currency: str = "") -> str:
    """The same without the word for the unit, which stands beside it."""
    if value is None:
        return NOTHING
    locale = current_locale()
    if unit is Unit.SHARE:
        return format_percent(round(float(value), 3), locale=locale, decimal_quantization=False)
    if unit is Unit.DAYS:
        return format_decimal(round(float(value), 1), locale=locale)
    if unit is Unit.MONEY:
        return _money(Decimal(str(value)), currency)
    return format_decimal(round(value), locale=locale)


def unit_words(unit: Unit) -> str:
    """What stands small beside the bare value."""
    return _("days") if unit is Unit.DAYS else ""


def tick_words(value: float, unit: Unit, currency: str = "") -> str:
    """On an axis, where there is little room."""
    locale = current_locale()
    if unit is Unit.SHARE:
        return format_percent(round(value, 4), locale=locale, decimal_quantization=False)
    if unit is Unit.MONEY and len(get_currency_symbol(currency, locale=locale)) == 1:
        return format_compact_currency(value, currency, locale=locale, fraction_digits=1)
    if value >= ROUND_FROM:
        return format_compact_decimal(value, locale=locale, fraction_digits=1)
    return format_decimal(round(value, 3), locale=locale)


def sum_words(value: Amount | None, unit: Unit, currency: str = "") -> str:
    """A numerator: of shares and counts a count, of days so many of them, of money money."""
    if value is None:
        return NOTHING
    if unit is Unit.MONEY:
        return bare_words_of(value, unit, currency)
    return format_decimal(round(float(value)), locale=current_locale())


def count_words(count: int) -> str:
    return format_decimal(count, locale=current_locale())


def _money(amount: Decimal, currency: str) -> str:
    locale = current_locale()
    is_large = abs(amount) >= ROUND_FROM
    said = format_currency(
        round(amount) if is_large else amount,
        currency,
        locale=locale,
        format=_without_cents(locale) if is_large else None,
        currency_digits=not is_large,
    )
    return LETTER_BEFORE_DIGIT.sub("\xa0", said)


def _without_cents(locale: str) -> str:
    return "#,##0\xa0¤" if locale.startswith(("de", "fr", "es", "it")) else "¤#,##0"
