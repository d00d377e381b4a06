"""Rows of a file as what they say, and the faults of their cells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from portal.sheets.cells import CellRefused, Value, read_cell
from portal.sheets.check import cell_check, read_check
from portal.sheets.columns import CHECK, COLUMNS, LINE, Column, Kind, Part
from portal.sheets.models import ImportedRow

ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+")
"""What spreadsheet programs make of a long code: 5000007119181 is 5,00001E+12 then."""
MOST_ZEROS = 12
"""In front of a code that is looked for without them."""


@dataclass(kw_only=True)
class SaidRow:
    """What one row says, by the columns' keys; what is empty is not said."""

    number: int
    values: dict[str, Value] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    exported: dict[str, str] = field(default_factory=dict)
    """The sums of its cells as they were exported, if it was."""

    @property
    def says_line(self) -> bool:
        return any(COLUMNS[key].part is Part.LINE for key in self.values)

    @property
    def is_exported_line(self) -> bool:
        """Still the line that it was; a copy that is to be another one has no number, or another.

        Of such a copy, all cells are said.
        """
        return bool(self.exported) and LINE.key in self.values and not self.is_edited(LINE)

    def is_edited(self, column: Column) -> bool:
        """Since it was exported; yes where nothing tells. An emptied cell is not said at all."""
        value = self.values.get(column.key)
        return value is not None and cell_check(column, value) != self.exported.get(column.key)

    def was_other(self, column: Column, value: Value | None) -> bool:
        """Whether it was exported with another one than this."""
        return bool(self.exported) and cell_check(column, value) != self.exported[column.key]


def read_row(row: ImportedRow, columns: Sequence[str], *, zone: tzinfo) -> SaidRow:
    said = SaidRow(number=row.number)
    for key, text in zip(columns, row.cells, strict=False):
        if key == CHECK.key:
            said.exported = read_check(text.strip())
        elif key:
            _read(said, key, text, zone)
    if said.exported:
        _undo_spreadsheet(said)
    return said


def _read(said: SaidRow, key: str, text: str, zone: tzinfo) -> None:
    column = COLUMNS[key]
    try:
        value = read_cell(column, text, zone=zone)
    except CellRefused as fault:
        said.faults.append(f"{column.label}: {fault}")
        return
    if value is not None:
        said.values[key] = value


def _undo_spreadsheet(said: SaidRow) -> None:
    """Codes of an exported row that a program took for numbers when it opened the CSV.

    Zeros in front come back, where with them the cell is as it was exported. Of a rounded code
    nothing is left to read: it is not said at all.
    """
    codes = [key for key in said.values if COLUMNS[key].kind is Kind.TEXT]
    for column in (COLUMNS[key] for key in codes if said.is_edited(COLUMNS[key])):
        text = str(said.values[column.key])
        if ROUNDED.fullmatch(text):
            del said.values[column.key]
        elif text.isascii() and text.isdecimal():
            longer = (text.zfill(len(text) + zeros) for zeros in range(1, MOST_ZEROS + 1))
            exported = said.exported[column.key]
            for code in longer:
                if cell_check(column, code) == exported:
                    said.values[column.key] = code
