"""What JSON from outside may look like: the base of every request model.

`null` and an absent field mean the same ("not said"), unknown fields are ignored, and codes may
come as numbers. What PostgreSQL could not store is refused here, with a path to it: NUL bytes,
`NaN`, numbers and texts of absurd size, times outside 1900–2200.
"""

import math
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import ErrorDetails

from common.errors import Fault

LAST_DECIMAL = Decimal("0.0001")

NO_NUL = r"^[^\x00]*$"
NOT_BLANK = r"^[^\x00]*[^\x00\s][^\x00]*$"
MAX_CODE = 10**15
"""Of a code that comes as a JSON number; beyond, numbers lose digits on their way."""
MAX_JSON_DEPTH = 20
MAX_JSON_VALUES = 2_000


class Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False)


def _digits(value: object) -> object:
    """A number's digits, as they were meant: an order number is no quantity."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not abs(value) <= MAX_CODE:
            raise ValueError("cannot be a code as this number; send it as a text")
        return str(int(value)) if value == int(value) else str(value)
    return value


def _to_decimals(value: Decimal) -> Decimal:
    """Float arithmetic in the sender leaves tails such as 29.990000000000002: they are rounded."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -4:
        return value
    return value.quantize(LAST_DECIMAL, ROUND_HALF_UP)


def _text_only(value: object) -> object:
    """A number might be seconds or milliseconds: we do not guess."""
    if isinstance(value, int | float):
        raise ValueError("must be a text in the form of ISO 8601")  # noqa: TRY004
    return value


def not_a_truth_value(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("must be a whole number")  # noqa: TRY004
    return value


def _as_utc(value: datetime) -> datetime:
    if not 1900 <= value.year <= 2200:
        raise ValueError("the year must lie between 1900 and 2200")
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


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
"""A short text, such as a person's or a city's name."""


def _code(*, max_length: int, pattern: str) -> Any:
    text = {"type": "string", "maxLength": max_length, "pattern": pattern}
    number = {"type": "number", "minimum": -MAX_CODE, "maximum": MAX_CODE}
    return Annotated[
        str,
        StringConstraints(max_length=max_length, pattern=pattern, strip_whitespace=True),
        BeforeValidator(_digits),
        WithJsonSchema({"anyOf": [text, number]}),
    ]


Code = _code(max_length=255, pattern=NO_NUL)
"""What others call something: a number, an id, a SKU. JSON numbers are taken for their digits."""

RequiredCode = _code(max_length=255, pattern=NOT_BLANK)

ZipCode = _code(max_length=32, pattern=NOT_BLANK)

RequiredName = Annotated[
    str, StringConstraints(max_length=255, pattern=NOT_BLANK, strip_whitespace=True)
]

Text = Annotated[str, StringConstraints(max_length=2_000, pattern=NO_NUL, strip_whitespace=True)]
"""A longer text, or a URL."""

Email = Annotated[str, StringConstraints(max_length=320, pattern=NO_NUL, strip_whitespace=True)]
"""An address as the shop has it; whether it can be reached is not ours to judge."""

Amount = Annotated[Decimal, Field(ge=-(10**12), le=10**12), AfterValidator(_to_decimals)]
"""Money in the order's currency, or grams: exact to four decimals."""

JsonAmount = Annotated[Amount, PlainSerializer(float, return_type=float, when_used="json")]
"""The same inside a JSON column: a number there too."""

Timestamp = Annotated[datetime, BeforeValidator(_text_only), AfterValidator(_as_utc)]
"""ISO 8601; without a zone it is read as UTC."""

JsonObject = Annotated[dict[str, Any], AfterValidator(_storable_json)]
"""Free-form, but storable."""


def faults_of(errors: list[ErrorDetails]) -> list[Fault]:
    """Pydantic's findings as ours: paths relative to the payload, union branches left out."""
    return [
        Fault(
            loc=tuple(part for part in error["loc"] if not _is_branch(part)),
            msg=plain_fault(error),
            type=error["type"],
        )
        for error in errors
    ]


def plain_fault(error: ErrorDetails) -> str:
    """The finding in words, as the API says it."""
    if error["type"] == "string_pattern_mismatch":
        for pattern, message in _IN_WORDS.items():
            if f"'{pattern}'" in error["msg"]:
                return message
    if error["type"] == "model_type":
        return "Input should be an object"
    return error["msg"].removeprefix("Value error, ")


_IN_WORDS = {
    NO_NUL: "Text must not hold a NUL byte",
    NOT_BLANK: "Text must not be empty or hold a NUL byte",
}
"""Of any other pattern Pydantic's own message says what it is."""


BRANCHES = {"str", "constrained-str", "int", "decimal"}


def _is_branch(part: int | str) -> bool:
    """Pydantic puts the tried branch of a union (`str`, `list[...]`) on the path."""
    return isinstance(part, str) and (part in BRANCHES or "[" in part)
