"""What an import changes of an order, as people read it: “Total: 5 → 6.5”."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from common.dates import format_datetime
from portal.sheets.cells import Value, write_cell
from portal.templatetags.moments import current_locale

MOST_SHOWN = 80
"""Characters of a value."""


@dataclass(frozen=True, kw_only=True)
class Change:
    what: str
    before: Value | None = None
    after: Value | None = None
    is_stale: bool = False
    """`before` is not what the file was exported with."""


def said_changes(changes: Sequence[Change], *, is_stale: bool, zone: tzinfo) -> str:
    """`is_stale`: anything that the file shows of the order was changed since the export."""
    said = "; ".join(_said(change, zone) for change in changes)
    return _("%s. The order was changed since the export.") % said if is_stale else said


def _said(change: Change, zone: tzinfo) -> str:
    if change.after is None:
        return change.what
    before, after = _shown(change.before, zone), _shown(change.after, zone)
    if change.is_stale:
        before = _("%s (changed since the export)") % before
    return f"{change.what}: {before} → {after}"


def _shown(value: Value | None, zone: tzinfo) -> str:
    match value:
        case None:
            return "–"
        case Decimal():
            return str(number_format(Decimal(f"{value.normalize():f}")))
        case datetime():
            at = value.astimezone(zone)
            return format_datetime(at, "d MMM y, HH:mm:ss", locale=current_locale())
        case _:
            return Truncator(write_cell(value, zone=zone)).chars(MOST_SHOWN)
