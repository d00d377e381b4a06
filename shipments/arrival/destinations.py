"""Where a parcel goes, as far as its journey's length depends on it."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple


class Destination(NamedTuple):
    country_code: str
    """Upper case; "" where it is unknown."""
    area: str
    """How the ZIP code begins: its first two digits, or the letters that come before a digit."""


def destination_of(address: Mapping[str, Any]) -> Destination:
    """`address` as an order has it."""
    country = str(address.get("country_code") or "").strip().upper()
    return Destination(country[:2], zip_area(str(address.get("zip_code") or "")))


@lru_cache(maxsize=4096)
def zip_area(zip_code: str) -> str:
    """“10115” is in “10”, “SW4 7AB” in “SW”, “D02 XY45” in “D0”, “L-1009” in “L1”."""
    found = _AREA.match(re.sub(r"[^0-9A-Z]", "", zip_code.upper()))
    return found[0] if found else ""


_AREA = re.compile(r"[0-9]{2}|[A-Z]{2}|[A-Z][0-9]")
