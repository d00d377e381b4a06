"""Scans as clients read them: the events of a shipment (the contract's section 4)."""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any

import orjson

from common.json_text import blank, each, json_object, moment, plain, text_or_null, word
from shipments.catalogue.texts import MOST_REMEMBERED, event_strings
from shipments.phases import Phase
from shops.models import Shop

_AS_STORED = {"uuid": "id", "external_id": "external_id", "time": "event_time", "effect": "effect"}
"""The column of each."""
_NULL_IF_EMPTY = ("timezone", "location", "additional_info")


def represent_scan(shop: Shop, scan: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: scan[column] for name, column in _AS_STORED.items()},
        **{name: scan[name] or None for name in _NULL_IF_EMPTY},
        **_meaning(scan["event_name"], scan["phase"], shop.language),
    }


SCAN_AS_JSON = json_object(
    {
        "uuid": word("k.id"),
        **each(plain, "k", "external_id"),
        "time": moment("k.event_time"),
        **each(word, "k", "effect"),
        **each(text_or_null, "k", " ".join(_NULL_IF_EMPTY)),
    },
    blank("e", "k.phase", "JSON_SCALAR(k.event_name)"),
)
"""The same in SQL, of a scan `k`; its blank is for `meaning_filler`."""


def meaning_filler(shop: Shop) -> Callable[[bytes], bytes]:
    return partial(_meaning_as_json, shop.language)


@lru_cache(maxsize=MOST_REMEMBERED)
def _meaning_as_json(language: str, wanted: bytes) -> bytes:
    """The members of an object, without its braces."""
    phase, _, name = wanted.partition(b" ")
    return orjson.dumps(_meaning(orjson.loads(name), Phase(phase.decode()), language))[1:-1]


def _meaning(name: str, phase: Phase, language: str) -> dict[str, Any]:
    """Texts are in the shop's language."""
    return {
        "event_key": name,
        "phase": phase,
        "event_strings": event_strings(name, phase, language),
        "language": language,
    }
