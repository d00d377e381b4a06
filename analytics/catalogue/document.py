"""The table of numbers in docs/analytics.md, written from the catalogue."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from analytics.catalogue.number import Number
from analytics.catalogue.numbers import NUMBERS

PATH = Path(settings.BASE_DIR) / "docs" / "analytics.md"
BEGINS = "<!-- From here to the end: manage.py describe_numbers -->\n"


def written() -> str:
    """The whole page as it should be."""
    head, _, _ = PATH.read_text(encoding="utf-8").partition(BEGINS)
    return head + BEGINS + "".join(f"\n{line}" for line in _lines())


def _lines() -> Iterator[str]:
    for number in NUMBERS.values():
        yield f"### `{number.name}` ({number.unit})\n"
        yield f"{number.definition}\n"
        yield from _facts(number)
        yield ""


def _facts(number: Number) -> Iterator[str]:
    yield f"- Formula: {number.formula}"
    if number.excluded:
        left_out = "; ".join(f"`{key}` {why}" for key, why in number.excluded.items())
        yield f"- Left out: {left_out}"
    beside = [(part.key, str(part.title)) for part in number.parts]
    beside += [(name, str(NUMBERS[name].title).lower()) for name in number.beside]
    if beside:
        yield f"- Beside it: {'; '.join(f'`{key}` {title}' for key, title in beside)}"
    yield f"- By: {', '.join(number.group_by)}"
