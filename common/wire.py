"""What JSON from outside may look like: the base of every request model.

`null` and an absent field mean the same ("not said"), unknown fields are ignored, numbers are taken
for text where text is meant. What PostgreSQL could not store is refused here, with a path to it:
NUL bytes, `NaN`, numbers and texts of absurd size, times outside 1900–2200.
"""

import math
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)
from pydantic_core import ErrorDetails

from common.errors import Fault

NO_NUL = r"^[^\x00]*$"
MAX_JSON_DEPTH = 20
MAX_JSON_VALUES = 2_000


class Wire(BaseModel):
    model_config = ConfigDict(
        extra="ignore", frozen=True, coerce_numbers_to_str=True, allow_inf_nan=False
    )


def _as_utc_when_naive(value: datetime) -> datetime:
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    if not 1900 <= aware.year <= 2200:
        raise ValueError("the year must lie between 1900 and 2200")
    return aware


def _to_four_decimals(value: Decimal) -> Decimal:
    """Float arithmetic in the sender leaves tails such as 29.990000000000002."""
    exponent = value.as_tuple().exponent
    return value if isinstance(exponent, int) and exponent >= -4 else round(value, 4)


def _storable_json(value: dict[str, Any]) -> dict[str, Any]:
    """Refuse what a JSONB column cannot hold, and documents nobody means to send."""
    pending: list[tuple[Any, int]] = [(value, 1)]
    seen = 0
    while pending:
        item, depth = pending.pop()
        seen += 1
        if seen > MAX_JSON_VALUES:
            raise ValueError(f"holds more than {MAX_JSON_VALUES} values")
        if depth > MAX_JSON_DEPTH:
            raise ValueError(f"is nested deeper than {MAX_JSON_DEPTH} levels")
        if isinstance(item, dict):
            pending.extend((part, depth + 1) for part in item.values())
            pending.extend((name, depth + 1) for name in item)
        elif isinstance(item, list):
            pending.extend((part, depth + 1) for part in item)
        elif isinstance(item, str) and ("\x00" in item or len(item) > 10_000):
            raise ValueError("holds a NUL byte or a text of more than 10,000 characters")
        elif isinstance(item, float) and not math.isfinite(item):
            raise ValueError("holds a number that is not finite")
        elif isinstance(item, int) and not -(2**63) <= item < 2**63:
            raise ValueError("holds an integer of more than 64 bits")
    return value


Name = Annotated[str, StringConstraints(max_length=255, pattern=NO_NUL, strip_whitespace=True)]
"""A short text: a number, a name, a code."""

RequiredName = Annotated[
    str, StringConstraints(min_length=1, max_length=255, pattern=NO_NUL, strip_whitespace=True)
]

Text = Annotated[str, StringConstraints(max_length=2_000, pattern=NO_NUL, strip_whitespace=True)]
"""A longer text, or a URL."""

Email = Annotated[str, StringConstraints(max_length=320, pattern=NO_NUL, strip_whitespace=True)]
"""An address as the shop has it; whether it can be reached is not ours to judge."""

Amount = Annotated[
    Decimal,
    Field(ge=-(10**12), le=10**12),
    AfterValidator(_to_four_decimals),
    PlainSerializer(float, return_type=float, when_used="json"),
]
"""Money in the order's currency, or grams: exact, kept to four decimals, a number in JSON."""

Timestamp = Annotated[datetime, AfterValidator(_as_utc_when_naive)]
"""ISO 8601; without a zone it is read as UTC."""

JsonObject = Annotated[dict[str, Any], AfterValidator(_storable_json)]
"""Free-form, but storable."""


def faults_of(errors: list[ErrorDetails]) -> list[Fault]:
    """Pydantic's findings as ours: paths relative to the payload, union branches left out."""
    return [
        Fault(
            loc=tuple(part for part in error["loc"] if not _is_branch(part)),
            msg=_plain(error),
            type=error["type"],
        )
        for error in errors
    ]


def _plain(error: ErrorDetails) -> str:
    if error["type"] == "string_pattern_mismatch":
        return "Text must not hold a NUL byte"
    return error["msg"].removeprefix("Value error, ")


def _is_branch(part: int | str) -> bool:
    """Pydantic puts the tried branch of a union (`str`, `list[...]`) on the path."""
    return isinstance(part, str) and (part in {"str", "int", "decimal"} or "[" in part)
