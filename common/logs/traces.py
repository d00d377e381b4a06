"""Every line says in which request, task or job it was written, for whom and in which shop."""

from typing import Any

from structlog.types import EventDict

from common.trace import current_trace


def add_trace(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """What the line says itself, about the shop or the request of a delivery, counts."""
    trace = current_trace()
    said = {
        "request_id": trace.request_id,
        "shop": trace.shop,
        "caller": trace.caller,
        "via": trace.via,
        "call": trace.call,
    }
    return {**{name: value for name, value in said.items() if value}, **line}
