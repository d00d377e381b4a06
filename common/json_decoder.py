"""Free-form JSON, read from a column so that it can be written out again."""

import json
from typing import Any


class FreeFormDecoder(json.JSONDecoder):
    """Whole numbers of more than 64 bits become floats, which is what they were when sent.

    PostgreSQL keeps 1e300 with all its digits; no JSON writer of ours takes an integer so long.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "parse_int": _int_or_float})


def _int_or_float(digits: str) -> int | float:
    whole = int(digits)
    return whole if -(2**63) <= whole < 2**63 else float(digits)
