"""From the bytes of a request to a wire model, or to a refusal that names every fault."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from common.errors import Fault, Invalid, MalformedJSON
from common.wire import faults_of

Model = TypeVar("Model")

MAX_FAULTS = 100


@lru_cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


def read_body(model: Callable[..., Model], body: object) -> Model:
    """Decode and check in one step; raises `MalformedJSON` (400) or `Invalid` (422)."""
    if not isinstance(body, bytes) or not body.strip():
        raise MalformedJSON("The body is empty; send a JSON document.")
    try:
        read: Model = _adapter(model).validate_json(body)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        if found[0]["type"] == "json_invalid":
            raise MalformedJSON(found[0]["msg"]) from None
        faults = [fault.below("body") for fault in faults_of(found[:MAX_FAULTS])]
        raise Invalid(_summary(faults), faults) from None
    return read


@contextmanager
def about_the_body() -> Iterator[None]:
    """Faults that the domain finds in what was sent are faults in the body."""
    try:
        yield
    except Invalid as refusal:
        raise refusal.below("body") from refusal


def _summary(faults: list[Fault]) -> str:
    first = faults[0]
    path = ".".join(str(part) for part in first.loc[1:]) or "the body"
    more = f" ({len(faults) - 1} more)" if len(faults) > 1 else ""
    return f"{path}: {first.msg}{more}"
