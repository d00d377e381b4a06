"""The countries and territories of ISO 3166-1, with their names in the language of the page."""

from babel import Locale
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


def country_choices(kept: str = "") -> list[tuple[str, str]]:
    """None, then all by name; and `kept`, however it was written, as it is."""
    names = Locale.parse(to_locale(get_language() or "en")).territories
    choices = sorted(((code, str(names[code])) for code in CODES), key=lambda one: one[1])
    others = [("", "–")] if not kept or kept in CODES else [("", "–"), (kept, kept)]
    return [*others, *choices]
