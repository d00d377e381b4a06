"""Lines of other packages: their fixed text stays, what they put into it does not.

Celery's lines hold the arguments of tasks and the texts of errors, Django's the paths of requests,
axes' the names of people. Numbers stay, and so do a few names that are ours.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from structlog.types import EventDict

LEFT_OUT = "…"
SAFE_NAMES = {"id", "name", "runtime", "description", "hostname", "module"}
"""Of arguments that have names: those of Celery's lines about tasks."""
TRUSTED = {"celery.beat", "celery.worker.consumer.connection", "celery.worker.consumer.mingle"}
"""Loggers that speak of nothing but tasks' names and the broker."""
_SLOT = re.compile(r"%(?:\((\w+)\))?[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]")


def tame_foreign_lines(_logger: Any, _method: str, line: EventDict) -> EventDict:
    args, record = line.pop("positional_args", ()), line["_record"]
    if not line["_from_structlog"] and record.name not in TRUSTED:
        line["event"] = _fixed_text(str(record.msg), args)
    return line


def _fixed_text(template: str, args: Any) -> str:
    """The first line of it: what follows are tracebacks and representations of objects."""
    text = _filled(template.strip(), args) if args else template.strip()
    return text.partition("\n")[0]


def _filled(text: str, args: Any) -> str:
    if isinstance(args, Mapping):
        return _SLOT.sub(lambda slot: _named(args, slot[1] or ""), text)
    left = iter(args if isinstance(args, tuple) else (args,))
    return _SLOT.sub(lambda _: _shown(next(left, None)), text)


def _named(args: Mapping[str, Any], name: str) -> str:
    value = args.get(name)
    return str(value) if name in SAFE_NAMES else _shown(value)


def _shown(value: Any) -> str:
    is_number = isinstance(value, bool | int | float | date | timedelta)
    return str(value) if is_number else LEFT_OUT
