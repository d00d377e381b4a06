"""Whether an exported row was edited since: a sum over what it says.

A row that is as it was exported says nothing: what shops sent meanwhile is not undone by it. Where
the rows of an order disagree, it also tells which of them the person meant.
"""

from collections.abc import Mapping
from datetime import UTC
from hashlib import blake2b

from portal.sheets.cells import Value, write_cell
from portal.sheets.columns import VALUES

LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
"""Letters only: spreadsheet programs take some hexadecimal numbers for powers of ten."""


def check_of(values: Mapping[str, Value | None]) -> str:
    """Of a row's values by their columns' keys."""
    said = "\x1f".join(write_cell(values.get(column.key), zone=UTC) for column in VALUES)
    digest = blake2b(said.encode(errors="surrogatepass"), digest_size=6).hexdigest()
    return digest.translate(LETTERS)
