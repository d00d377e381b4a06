"""Each statement is a span: its text with placeholders, never the values."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connections

from common.spans import SpanKind, span

MOST_TEXT = 2_000


@contextmanager
def statements_told() -> Iterator[None]:
    """Those of this thread, at whichever server."""
    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(_told))
        yield


def _told(
    execute: Callable[..., Any], sql: Any, values: Any, many: bool, context: dict[str, Any]
) -> Any:
    text = str(sql).strip()
    said = {
        "db.system.name": "postgresql",
        "db.query.text": text[:MOST_TEXT],
        "karla.database": context["connection"].alias,
    }
    with span(text.partition(" ")[0][:20].upper() or "SQL", SpanKind.CLIENT, said):
        return execute(sql, values, many, context)
