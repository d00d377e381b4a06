"""Bodies that are arrays, of which a bad item shall cost only itself."""

from collections.abc import Sized
from typing import Any, TypeVar

from pydantic import ValidationError

from common.api.bodies import read_body
from common.errors import DomainError, Invalid, TooLarge
from common.wire import Wire, faults_of

Item = TypeVar("Item", bound=Wire)


def read_items(
    model: type[Item], body: object, *, most: int
) -> tuple[dict[int, Item], dict[int, DomainError]]:
    """The items that can be read, and what is wrong with the others; each by its index.

    Raises `TooLarge` for more than `most`, and what `read_body` raises for what is no array.
    """
    try:
        read: list[Item] = read_body(list[model], body)  # type: ignore[valid-type]
    except Invalid:
        return _read_one_by_one(model, read_body(list[Any], body), most)
    _check_number(read, most)
    return dict(enumerate(read)), {}


def _check_number(items: Sized, most: int) -> None:
    if len(items) > most:
        raise TooLarge(f"The array has {len(items):,} items; at most {most:,} are taken.")


def _read_one_by_one(
    model: type[Item], sent: list[Any], most: int
) -> tuple[dict[int, Item], dict[int, DomainError]]:
    _check_number(sent, most)
    items: dict[int, Item] = {}
    refused: dict[int, DomainError] = {}
    for index, item in enumerate(sent):
        try:
            items[index] = model.model_validate(item)
        except ValidationError as error:
            found = error.errors(include_url=False, include_context=False, include_input=False)
            refused[index] = Invalid(found[0]["msg"], faults_of(found))
    return items, refused
