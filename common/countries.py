"""The countries and territories of ISO 3166-1, with their names in the language of the page."""

import unicodedata
from collections.abc import Mapping
from functools import cache

from babel import Locale
from django.conf import settings
from django.utils.translation import get_language, to_locale

NO_COUNTRIES = frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ")
)
"""CLDR's codes beyond the standard."""
CODES = (
    frozenset(
        code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha()
    )
    - NO_COUNTRIES
)


@cache
def country_names(language: str) -> Mapping[str, str]:
    """By their codes, in the order of the names."""
    names = Locale.parse(to_locale(language)).territories
    return dict(sorted(((code, str(names[code])) for code in CODES), key=_alphabetical))


def country_choices(kept: str = "") -> list[tuple[str, str]]:
    """None, then all by name; and `kept`, however it was written, as it is."""
    others = [("", "–")] if not kept or kept in CODES else [("", "–"), (kept, kept)]
    return [*others, *country_names(page_language()).items()]


def country_code(said: str) -> str:
    """Of a country that is called by its code or by a name, in any of the pages' languages.

    In upper or lower case; empty where nobody knows what is meant.
    """
    plain = said.strip()
    return plain.upper() if plain.upper() in CODES else _codes().get(plain.casefold(), "")


def country_called(said: str) -> str:
    """Its name in the language of the page; what no country is called stays as it is."""
    return country_names(page_language()).get(country_code(said), said)


def page_language() -> str:
    return get_language() or "en"


@cache
def _codes() -> Mapping[str, str]:
    languages = [language for language, _ in settings.LANGUAGES]
    return {
        name.casefold(): code
        for language in languages
        for code, name in country_names(language).items()
    }


def _alphabetical(country: tuple[str, str]) -> str:
    """Österreich stands at O, not behind Z."""
    return unicodedata.normalize("NFKD", country[1]).casefold()
