"""The net under the log: what looks like a secret or an address is masked, whoever wrote it.

No line of ours should hold such a thing in the first place.
"""

import re
from functools import lru_cache
from typing import Any

from structlog.types import EventDict

MASK = "•••"
_SHAPES = [
    (re.compile(r"(://)[^\s/@:]*:[^\s/@]+@"), rf"\1{MASK}@"),
    (re.compile(r"[^\s<>\"'(),:;/\[\]{}=•]+@[^\s<>\"'(),:;/\[\]{}=]+"), MASK),
    (
        re.compile(r"(/(?:t|photos|unsubscribe|feeds|preview|invitations|password)/)[^\s/?#\"'{]+"),
        rf"\1{MASK}",
    ),
    (re.compile(r"\b(Basic|Bearer)\s+[\w+/=.~-]+", re.IGNORECASE), rf"\1 {MASK}"),
    (re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{40,}(?![\w-])"), MASK),
]


def mask_everything(_logger: Any, _method: str, line: EventDict) -> EventDict:
    return {name: _masked(value) for name, value in line.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return _without_secrets(value) if _may_hold_some(value) else value
    if isinstance(value, dict):
        return {name: _masked(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(inner) for inner in value]
    return value


def _may_hold_some(text: str) -> bool:
    return len(text) >= 40 or "@" in text or "/" in text or "asic" in text or "earer" in text


@lru_cache(maxsize=512)  # calls and callers come again and again
def _without_secrets(text: str) -> str:
    for shape, instead in _SHAPES:
        text = shape.sub(instead, text)
    return text
