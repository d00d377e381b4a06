"""XLSX, read and written a row at a time.

A workbook is a zip of XML: how much it is unpacked is checked before any of it is, for a zip may
hold a thousand times its size. Formulas count as what they last came to; macros are not looked at.
"""

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any, BinaryIO
from xml.parsers.expat import ExpatError

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook

from common.errors import Invalid
from portal.sheets.xml_bounds import Bounds, Unbounded

MOST_UNPACKED = 200 * 1024 * 1024
MOST_IN_ONE = 8 * 1024 * 1024
"""Of a part that is read as a whole."""
MOST_PARTS = 1_000
MOST_LINES = 100_000
"""Of a sheet, with the empty ones."""
MOST_SHARED = 1_000_000
"""Texts that cells share."""
MOST_PENDING = 100_000
"""Elements that a reader has in memory at a time."""
MOST_CHARACTERS = 32_767
"""In a cell, says the format."""

UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, SyntaxError),
    *(ExpatError, LookupError, ValueError, TypeError, AttributeError, OverflowError),
)
"""What zip, XML and openpyxl raise for what is no workbook."""

ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
TO_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")


class WorkbookRefused(Invalid):
    """It cannot be read as a workbook; says what to do."""

    key = "file_refused"


def is_workbook(file: BinaryIO) -> bool:
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    if start == b"\xd0\xcf\x11\xe0":
        raise WorkbookRefused(
            _("This is a workbook of the old kind (XLS), or locked by a password. Save it as XLSX.")
        )
    return start == b"PK\x03\x04"


def workbook_rows(file: BinaryIO, most_columns: int) -> Iterator[list[str]]:
    """Of its first sheet, as texts; of a row up to one cell more than `most_columns`."""
    try:
        _check_unpacked(file)
        workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheets = workbook.worksheets
        if not sheets:
            raise WorkbookRefused(_("The workbook has no sheet."))
        sheets[0].reset_dimensions()
        for row in sheets[0].iter_rows(max_col=most_columns + 1, values_only=True):
            yield [_text(value) for value in row]
    except UNREADABLE as error:
        raise _unreadable() from error


def count_rows(file: BinaryIO) -> int:
    """Of its longest sheet, with the empty ones; raises WorkbookRefused for what is too large."""
    try:
        return _check_unpacked(file)
    except UNREADABLE as error:
        raise _unreadable() from error


def write_workbook(file: BinaryIO, rows: Iterable[list[str]], *, title: str) -> None:
    """All cells are texts, so that codes keep their zeros in front."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([_written(text) for text in row])
    workbook.save(file)


def _check_unpacked(file: BinaryIO) -> int:
    """How many rows its longest sheet has.

    What a zip says of its parts' sizes is true: a part is read no further than that.
    """
    most_rows = 0
    with zipfile.ZipFile(file) as packed:
        parts = packed.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise _too_large()
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with packed.open(part) as opened:
                    most_rows = max(most_rows, _check_part(part, opened))
    file.seek(0)
    return most_rows


def _check_part(part: zipfile.ZipInfo, opened: IO[bytes]) -> int:
    """Its rows, if it is a sheet."""
    is_sheet = "/worksheets/" in part.filename and part.filename.endswith(".xml")
    if is_sheet:
        bounds = Bounds(ends=" row", most_ends=MOST_LINES, most_pending=MOST_PENDING)
    elif "sharedStrings" in part.filename:
        bounds = Bounds(ends=" si", most_ends=MOST_SHARED, most_pending=MOST_PENDING)
    elif part.file_size > MOST_IN_ONE:
        raise _too_large()
    else:
        bounds = Bounds(ends=" ", most_ends=0, most_pending=MOST_PENDING)
    try:
        bounds.check(opened)
    except Unbounded as error:
        raise _too_large() from error
    return bounds.found if is_sheet else 0


def _unreadable() -> WorkbookRefused:
    return WorkbookRefused(
        _("The workbook cannot be read. Open it in a spreadsheet program and save it as XLSX.")
    )


def _too_large() -> WorkbookRefused:
    return WorkbookRefused(
        _("The workbook unpacks to more than is taken. Save its sheet as CSV, and upload that.")
    )


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(value)
        case float():
            return _number(value)
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case _:
            return ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))


def _number(value: float) -> str:
    """Three decimals become four: as a text, they could be thousands."""
    text = f"{Decimal(repr(value)):f}".removesuffix(".0")
    return f"{text}0" if re.fullmatch(r"-?\d+\.\d{3}", text) else text


def _written(text: str) -> str | None:
    """Empty where the format cannot hold it: an import leaves what is."""
    escaped = TO_ESCAPE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return escaped if escaped and len(escaped) <= MOST_CHARACTERS else None
