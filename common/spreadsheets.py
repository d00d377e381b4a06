"""What people open with a spreadsheet program."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def plain_cell(said: str | None) -> str:
    """As a spreadsheet shows it: what would be a formula there begins with an apostrophe."""
    text = said or ""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


class CsvLine:
    """What `csv.writer` writes to, so that it gives each line back."""

    def write(self, line: str) -> str:
        return line
