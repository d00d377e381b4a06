"""Which cells of an exported row were edited since: a sum over each of them, in one more column.

A cell that is as it was exported says nothing: what shops sent meanwhile is not undone by it. The
sums also tell which line of the order the row was, and whether the order was changed since.
"""

from collections.abc import Mapping
from datetime import UTC
from zlib import crc32

from portal.sheets.cells import Value, write_cell
from portal.sheets.columns import VALUES, Column

LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
"""Letters only: spreadsheet programs take some hexadecimal numbers for powers of ten."""
LENGTH = 6
"""Letters for each cell."""


def check_of(values: Mapping[str, Value | None]) -> str:
    """Of a row's values by their columns' keys."""
    return "".join(cell_check(column, values.get(column.key)) for column in VALUES)


def cell_check(column: Column, value: Value | None) -> str:
    said = f"{column.key}\x1f{write_cell(value, zone=UTC)}"
    total = crc32(said.encode(errors="surrogatepass")) % 16**LENGTH
    return f"{total:0{LENGTH}x}".translate(LETTERS)


def read_check(text: str) -> dict[str, str]:
    """The sums by the columns' keys; none where there is no check of ours."""
    if len(text) != LENGTH * len(VALUES):
        return {}
    return {column.key: text[at * LENGTH : (at + 1) * LENGTH] for at, column in enumerate(VALUES)}
