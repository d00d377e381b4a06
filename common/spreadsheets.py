"""What people open with a spreadsheet program."""

import re

FORMULA = re.compile(r"'*[=+\-@\t\r]")
WRITTEN = re.compile(r"'+[=+\-@\t\r]")


def plain_cell(said: str | None) -> str:
    """As a spreadsheet shows it: what would be a formula there begins with an apostrophe.

    One more, where it began with some: `said_cell` always gives back what was said.
    """
    text = said or ""
    return f"'{text}" if FORMULA.match(text) else text


def said_cell(written: str) -> str:
    """What was said, of a cell that `plain_cell` wrote."""
    return written[1:] if WRITTEN.match(written) else written


class CsvLine:
    """What `csv.writer` writes to, so that it gives each line back."""

    def write(self, line: str) -> str:
        return line
