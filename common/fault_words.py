"""What pydantic finds wrong, in the language of whoever wrote it in a form or a file.

Its own English stays; other languages have words for what people can get wrong. The API answers in
English always: it speaks to programs.
"""

from django.utils.translation import gettext
from pydantic_core import ErrorDetails

from common.wire import plain_fault


def _(text: str) -> str:
    """Marks what is to be translated, and leaves it as it is."""
    return text


WORDS = {
    "missing": _("Field required"),
    "string_too_short": _("String should have at least %(min_length)s characters"),
    "string_too_long": _("String should have at most %(max_length)s characters"),
    "too_long": _("At most %(max_length)s entries, not %(actual_length)s"),
    "greater_than": _("Input should be greater than %(gt)s"),
    "greater_than_equal": _("Input should be greater than or equal to %(ge)s"),
    "less_than": _("Input should be less than %(lt)s"),
    "less_than_equal": _("Input should be less than or equal to %(le)s"),
    "decimal_max_digits": _(
        "Decimal input should have no more than %(max_digits)s digits in total"
    ),
    "decimal_max_places": _(
        "Decimal input should have no more than %(decimal_places)s decimal places"
    ),
    "decimal_whole_digits": _(
        "Decimal input should have no more than %(whole_digits)s digits before the decimal point"
    ),
    "finite_number": _("Input should be a finite number"),
    "datetime_parsing": _("Input should be a valid datetime"),
    "datetime_from_date_parsing": _("Input should be a valid datetime"),
    "int_parsing": _("Input should be a valid integer"),
    "decimal_parsing": _("Input should be a valid decimal"),
}
OWN = (
    _("Text must not hold a NUL byte"),
    _("Text must not be empty or hold a NUL byte"),
    _("must be a currency code of ISO 4217, such as EUR"),
    _("must be a finite number"),
    _("must be a web address, such as https://shop.example/new"),
    _("must be a text in the form of ISO 8601"),
    _("must be a whole number"),
    _("the year must lie between 1900 and 2200"),
    _("“start_date” must lie before “end_date”"),
    _("a percentage must be at most 100"),
    _("holds a NUL byte or a text of more than 10,000 characters"),
)
"""The sentences of our own validators, to be translated."""


def fault_words(error: ErrorDetails) -> str:
    english = plain_fault(error)
    if error["type"] not in WORDS:
        return gettext(english)
    words = WORDS[error["type"]]
    translated = gettext(words)
    return english if translated == words else translated % error.get("ctx", {})
