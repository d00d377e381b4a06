"""Scans as clients read them: the events of a shipment (the contract's section 4)."""

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

import orjson

from common.json_text import Filler, blank, json_object, plain, text_or_null
from shipments.catalogue.texts import MOST_REMEMBERED, event_strings
from shipments.phases import Phase
from shops.models import Shop

_FIELDS = {
    "uuid": "id",
    "external_id": "external_id",
    "event_key": "event_name",
    "time": "event_time",
    "timezone": "timezone",
    "location": "location",
    "additional_info": "additional_info",
    "phase": "phase",
    "effect": "effect",
}
"""The column of each."""
_NULL_IF_EMPTY = ("timezone", "location", "additional_info")


def represent_scan(shop: Shop, scan: Mapping[str, Any]) -> dict[str, Any]:
    """Texts are in the shop's language."""
    return {
        **{name: scan[column] for name, column in _FIELDS.items()},
        **{name: scan[name] or None for name in _NULL_IF_EMPTY},
        "event_strings": orjson.Fragment(
            _strings(scan["event_name"], scan["phase"], shop.language)
        ),
        "language": shop.language,
    }


SCAN_AS_JSON = json_object(
    {
        **{name: plain(f"k.{column}") for name, column in _FIELDS.items()},
        **{name: text_or_null(f"k.{name}") for name in _NULL_IF_EMPTY},
        "event_strings": blank("e", "k.phase", "to_json(k.event_name)"),
    }
)
"""The same in SQL, of a scan `k`; its blank is for `texts_filler`."""


def texts_filler(shop: Shop) -> Filler:
    return partial(_texts, shop.language)


@lru_cache(maxsize=MOST_REMEMBERED)
def _texts(language: str, wanted: bytes) -> bytes:
    phase, _, name = wanted.partition(b" ")
    strings = _strings(orjson.loads(name), Phase(phase.decode()), language)
    return b'%b,"language":%b' % (strings, orjson.dumps(language))


@lru_cache(maxsize=MOST_REMEMBERED)
def _strings(name: str, phase: Phase, language: str) -> bytes:
    return orjson.dumps(event_strings(name, phase, language))
