"""Days and times by patterns of CLDR, which each language writes in its own way."""

import re
from datetime import date, datetime

from babel import dates

DAY_OF_MONTH = re.compile(r"\bd\b(?!\.)")
AFTER_WEEKDAY = re.compile(r"\b(EEEE?) (?=d\b)")


def format_date(day: date, pattern: str, *, locale: str) -> str:
    """“Wed 2 Dec”, in German “Mi., 2. Dez.”, both of `EEE d MMM`."""
    return dates.format_date(day, _in_language(pattern, locale), locale=locale)


def format_datetime(at: datetime, pattern: str, *, locale: str) -> str:
    """As `format_date`, with the time."""
    return dates.format_datetime(at, _in_language(pattern, locale), locale=locale)


def _in_language(pattern: str, locale: str) -> str:
    """German puts a point behind the day, for it is “the second”, and a comma before it."""
    if not locale.startswith("de"):
        return pattern
    return DAY_OF_MONTH.sub("d.", AFTER_WEEKDAY.sub(r"\1, ", pattern))
