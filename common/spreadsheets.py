"""Tables that people open in a spreadsheet."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_text(value: str | None) -> str:
    """As a spreadsheet shows it: what would be a formula there begins with an apostrophe."""
    text = value or ""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
