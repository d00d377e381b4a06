"""Cells as people write them, read and written: amounts, whole numbers, times, lists."""

import re
from datetime import date, datetime, time, tzinfo
from decimal import Decimal

from django.utils.translation import gettext as _

from portal.sheets.columns import Column, Kind

Value = str | Decimal | int | datetime | list[str]

DAYS_FIRST = re.compile(
    r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?:[,\s]\s*(\d{1,2}):(\d{2})(?::(\d{2}))?)?(?: Uhr)?"
)
MONEY_SIGNS = re.compile(r"[€$£¥]|^(?:[A-Z]{3}|CHF|Fr\.)\s|\s(?:[A-Z]{3}|Fr\.)$")
SPACES = re.compile("[\\s\u00a0\u202f]")
NUMBER = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})")
IN_THOUSANDS_OR_NOT = re.compile(r"[+-]?[1-9]\d{0,2}[,.]\d{3}")
WITH_THOUSANDS = re.compile(
    r"[+-]?\d{1,3}(?:(?:\.\d{3})+,\d+|(?:,\d{3})+\.\d+|(?:\.\d{3}){2,}|(?:,\d{3}){2,})"
)
MOST_LENGTH = 60_000
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""As the wire has them (`common.wire`)."""


class CellRefused(ValueError):
    """A cell that cannot be read; says what it may be."""


def read_cell(column: Column, text: str, *, zone: tzinfo) -> Value | None:
    """None for an empty one. Raises CellRefused."""
    text = text.strip()
    if not text:
        return None
    match column.kind:
        case Kind.AMOUNT:
            return read_amount(text)
        case Kind.COUNT:
            return _count(text)
        case Kind.MOMENT:
            return _moment(text, zone)
        case Kind.LIST:
            return _parts(text)
        case _:
            return text


def write_cell(value: object, *, zone: tzinfo) -> str:
    """So that `read_cell` reads the same; times to the second."""
    match value:
        case None:
            return ""
        case Decimal():
            return _written_amount(value)
        case datetime():
            return value.astimezone(zone).replace(microsecond=0).isoformat()
        case list():
            parts = (str(part).replace("\\", "\\\\").replace(";", "\\;") for part in value)
            return "; ".join(parts)
        case _:
            return str(value)


def read_amount(text: str) -> Decimal:
    """As people and programs of both languages write it. Raises CellRefused."""
    written = SPACES.sub("", MONEY_SIGNS.sub("", text)).replace("’", "").replace("'", "")
    if IN_THOUSANDS_OR_NOT.fullmatch(written):
        raise CellRefused(
            _("“%s” may be meant with a decimal sign or in thousands: write it without thousands.")
            % text
        )
    if WITH_THOUSANDS.fullmatch(written):
        first = next(sign for sign in written if sign in ",.")
        written = written.replace(first, "")
    plain = written.replace(",", ".")
    if not NUMBER.fullmatch(plain):
        raise CellRefused(_("“%s” is not a number, such as 29.99 or 29,99.") % text[:100])
    return Decimal(plain)


def _written_amount(value: Decimal) -> str:
    """Without zeros at the end, but never with three decimals: that could be read as thousands."""
    text = f"{value.normalize():f}"
    return f"{text}0" if re.fullmatch(r"-?\d+\.\d{3}", text) else text


def _count(text: str) -> int:
    plain = re.sub(r"[.,]0+$", "", text)
    if not re.fullmatch(r"\d{1,9}", plain):
        raise CellRefused(_("“%s” is not a whole number of 0 or more, such as 2.") % text[:100])
    return int(plain)


def _moment(text: str, zone: tzinfo) -> datetime:
    try:
        at = _read_moment(text)
    except ValueError as error:
        raise CellRefused(
            _("“%s” is not a date, such as 2026-12-31, 31.12.2026 or 31.12.2026 14:30.")
            % text[:100]
        ) from error
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise CellRefused(
            _("“%(text)s”: the year must lie between %(first)s and %(last)s.")
            % {"text": text[:100], "first": FIRST_YEAR, "last": LAST_YEAR}
        )
    return at.replace(microsecond=0) if at.tzinfo else at.replace(tzinfo=zone, microsecond=0)


def _read_moment(text: str) -> datetime:
    found = DAYS_FIRST.fullmatch(text)
    if found is None:
        if text.isdigit():  # 20261231, but also what is no date at all
            raise ValueError("a number")
        return datetime.fromisoformat(text)
    day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
    on = date(year if year >= 100 else 2000 + year, month, day)
    return datetime.combine(on, time(hour, minute, second))


def _parts(text: str) -> list[str]:
    if len(text) > MOST_LENGTH:
        raise CellRefused(_("The text is too long: at most %d characters.") % MOST_LENGTH)
    return [part for written in _split(text) if (part := written.strip())]


def _split(text: str) -> list[str]:
    """At semicolons that no backslash stands before."""
    parts, part = [], ""
    characters = iter(text)
    for character in characters:
        if character == "\\":
            part += next(characters, "")
        elif character == ";":
            parts.append(part)
            part = ""
        else:
            part += character
    return [*parts, part]
