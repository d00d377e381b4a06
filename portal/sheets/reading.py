"""Rows of a file as what they say, and the faults of their cells."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from portal.sheets.cells import CellRefused, Value, read_cell
from portal.sheets.check import check_of
from portal.sheets.columns import CHECK, COLUMNS, Part
from portal.sheets.models import ImportedRow


@dataclass(kw_only=True)
class SaidRow:
    """What one row says, by the columns' keys; what is empty is not said."""

    number: int
    values: dict[str, Value] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    is_edited: bool = True
    """Since it was exported; yes where nothing tells."""

    @property
    def says_line(self) -> bool:
        return any(COLUMNS[key].part is Part.LINE for key in self.values)


def read_row(row: ImportedRow, columns: Sequence[str], *, zone: tzinfo) -> SaidRow:
    said = SaidRow(number=row.number)
    check = ""
    for key, text in zip(columns, row.cells, strict=False):
        if key == CHECK.key:
            check = text.strip()
        elif key:
            _read(said, key, text, zone)
    said.is_edited = bool(said.faults) or not check or check_of(said.values) != check
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
