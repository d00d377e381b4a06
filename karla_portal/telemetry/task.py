"""Each task is a span, within the one that asked for it."""

from typing import Any

from common.spans import SpanKind, span
from common.trace import current_trace
from karla_portal.telemetry.opentelemetry import current_headers
from karla_portal.telemetry.statements import statements_told
from karla_portal.traced_task import TracedTask


class SpanTask(TracedTask):
    def apply_async(  # type: ignore[override]
        self, args: Any = None, kwargs: Any = None, **options: Any
    ) -> Any:
        headers = {**current_headers(), **(options.pop("headers", None) or {})}
        return super().apply_async(args, kwargs, headers=headers, **options)

    def work(self, *args: Any, **kwargs: Any) -> Any:
        asked = (self.request.headers or {}).get("traceparent")
        said = {"karla.task": self.name, "karla.request_id": current_trace().request_id}
        within = {"traceparent": asked} if asked else {}
        with span(self.name, SpanKind.CONSUMER, said, within=within), statements_told():
            return super().work(*args, **kwargs)
