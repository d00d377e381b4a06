"""Every line says in which request, task or job it was written, for whom and in which shop."""

from typing import Any

from structlog.types import EventDict

from common.spans import are_spans_told, trace_id_of
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
    line = {**{name: value for name, value in said.items() if value}, **line}
    if are_spans_told() and line.get("request_id"):
        line["trace_id"] = trace_id_of(line["request_id"])
    return line
