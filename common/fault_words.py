"""What pydantic finds wrong, for whoever wrote it in a form or a file: what would be right.

They follow the name of a field. The API says it in pydantic's own English: it speaks to programs.
"""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext
from pydantic_core import ErrorDetails

from common.wire import plain_fault


def _(text: str) -> str:
    """Marks what is to be translated, and leaves it as it is."""
    return text


DATE = _("must be a date, such as 2026-12-31, or a date and a time, such as 2026-12-31T14:30")
WORDS = {
    "missing": _("must be given"),
    "string_too_short": _("must have at least %(min_length)s characters"),
    "string_too_long": _("must have at most %(max_length)s characters"),
    "too_long": _("must have at most %(max_length)s entries, not %(actual_length)s"),
    "greater_than": _("must be greater than %(gt)s"),
    "greater_than_equal": _("must be %(ge)s or more"),
    "less_than": _("must be less than %(lt)s"),
    "less_than_equal": _("must be %(le)s or less"),
    "decimal_max_digits": _("must have at most %(max_digits)s digits in all"),
    "decimal_max_places": _("must have at most %(decimal_places)s decimal places"),
    "decimal_whole_digits": _("must have at most %(whole_digits)s digits before the decimal sign"),
    "finite_number": _("must be a number, such as 29.99"),
    "datetime_parsing": DATE,
    "datetime_from_date_parsing": DATE,
    "int_parsing": _("must be a whole number, such as 2"),
    "decimal_parsing": _("must be a number, such as 29.99"),
}
"""By the type of the fault."""
OWN = {
    "Text must not hold a NUL byte": _("must be plain text, without NUL bytes"),
    "Text must not be empty or hold a NUL byte": _("must not be empty"),
    "must be a currency code of ISO 4217: three letters, such as EUR": _(
        "must be a currency code of ISO 4217: three letters, such as EUR"
    ),
    "must be a finite number": _("must be a number, such as 29.99"),
    "must be a text in the form of ISO 8601": DATE,
    "must be a whole number": _("must be a whole number, such as 2"),
    "the year must lie between 1900 and 2200": _("the year must lie between 1900 and 2200"),
    "holds a NUL byte or a text of more than 10,000 characters": _(
        "must be plain text of at most 10,000 characters"
    ),
}
"""By the sentence of our own validators."""


def fault_words(error: ErrorDetails) -> str:
    if words := WORDS.get(error["type"]):
        return gettext(words) % {name: _number(of) for name, of in error.get("ctx", {}).items()}
    english = plain_fault(error)
    return gettext(OWN.get(english, english))


def _number(limit: object) -> object:
    """As the language writes it."""
    if isinstance(limit, int | float | Decimal):
        return number_format(limit, force_grouping=True)
    return limit
