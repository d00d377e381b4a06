"""The rows of a file that somebody uploads: CSV in whatever dialect, or XLSX.

Nothing in it is executed, and however it is made, little of it is in memory at a time.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from common.errors import Invalid, TooLarge
from common.spreadsheets import said_cell
from portal.sheets.workbooks import MOST_LINES, count_rows, is_workbook, workbook_rows

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 200
MOST_CELL = 60_000
"""Characters: the longest that an order can have are its segments."""
MOST_LINE = 1_000_000
DELIMITERS = ",;\t"
SAMPLE = 64 * 1024

Row = tuple[int, list[str]]
"""With the number of its line in the file, as people count."""


class FileRefused(Invalid):
    """It cannot be read as a spreadsheet; says what to do."""

    key = "file_refused"


class FileTooLarge(TooLarge):
    """More than is taken at once."""

    key = "file_too_large"


def refuse_at_sight(file: BinaryIO, size: int) -> None:
    """What its size and its first bytes say. Raises FileRefused, WorkbookRefused, FileTooLarge."""
    if size > MOST_BYTES:
        raise too_many_bytes()
    is_workbook(file)


def estimate_rows(file: BinaryIO) -> int:
    """At least so many as there are, up to MOST_ROWS. Raises what refuses it at that."""
    lines = count_rows(file) if is_workbook(file) else sum(piece.count(b"\n") for piece in file)
    return min(lines, MOST_ROWS)


def read_rows(file: BinaryIO) -> Iterator[Row]:
    """Those that are not empty, the headings first. Raises FileRefused or FileTooLarge."""
    rows = workbook_rows(file, MOST_COLUMNS) if is_workbook(file) else _csv_rows(file)
    return _checked(rows)


def too_many_bytes() -> FileTooLarge:
    return FileTooLarge(
        _("The file is larger than %d MB. Split it, and import the parts one after the other.")
        % (MOST_BYTES // 1024**2)
    )


def _checked(rows: Iterable[list[str]]) -> Iterator[Row]:
    found = 0
    for number, row in enumerate(rows, 1):
        if number > MOST_LINES:
            raise FileTooLarge(
                _("The file has more than %d lines, with the empty ones.") % MOST_LINES
            )
        while row and not row[-1].strip():
            row.pop()
        if not row:
            continue
        found += 1
        if found > MOST_ROWS + 1:
            raise FileTooLarge(
                _("The file has more than %d rows. Split it, and import the parts.") % MOST_ROWS
            )
        if len(row) > MOST_COLUMNS:
            raise FileTooLarge(
                _("Line %(line)d has more than %(most)d columns.")
                % {"line": number, "most": MOST_COLUMNS}
            )
        yield number, [_cell(text, number) for text in row]


def _cell(text: str, number: int) -> str:
    if "\x00" in text:
        raise FileRefused(
            _("Line %d holds a NUL byte, which no text has. Save the file anew as CSV or XLSX.")
            % number
        )
    if len(text) > MOST_CELL:
        raise FileTooLarge(
            _("Line %(line)d holds a cell of more than %(most)d characters.")
            % {"line": number, "most": MOST_CELL}
        )
    return said_cell(text.strip())


def _csv_rows(file: BinaryIO) -> Iterator[list[str]]:
    encoding = _encoding(file)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        sample = text.read(SAMPLE)
        if sum(sample.count(sign) for sign in map(chr, range(9))) > len(sample) // 100:
            raise FileRefused(
                _("This is not a spreadsheet. Save it as CSV or XLSX, and upload that.")
            )
        text.seek(0)
        csv.field_size_limit(MOST_CELL * 4)
        yield from csv.reader(_lines(text), delimiter=delimiter_of(sample))
    except UnicodeError as error:
        raise FileRefused(
            _(
                "The file cannot be read: it holds bytes that are no letters in UTF-8, nor in "
                "Windows-1252. Save it as CSV in UTF-8, or as XLSX."
            )
        ) from error
    except csv.Error as error:
        raise FileRefused(
            _(
                "The file cannot be read as CSV: maybe a quotation mark is not closed. "
                "Save it as CSV in UTF-8, or as XLSX."
            )
        ) from error
    finally:
        text.detach()


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(MOST_LINE):
        if len(line) == MOST_LINE:
            raise FileTooLarge(_("The file has a line of more than %d characters.") % MOST_LINE)
        yield line


def _encoding(file: BinaryIO) -> str:
    """By its byte order mark; without one UTF-8, and what is not valid as that is Windows-1252."""
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    decoder = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        while decoder.read(SAMPLE):
            pass
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        decoder.detach()
        file.seek(0)
    return "utf-8-sig"


def delimiter_of(sample: str) -> str:
    """The sign that splits the first line into the most cells."""
    first = next((line for line in sample.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=lambda sign: len(next(csv.reader([first], delimiter=sign), [])))
