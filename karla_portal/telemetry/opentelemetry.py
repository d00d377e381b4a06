"""Spans as OpenTelemetry has them, sent by OTLP over HTTP.

Its own instrumentations of Django, psycopg and Celery are not used: they put paths, addresses and
the messages of errors into attributes, where tokens, searches and the values of rows would be.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import Link, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from common.spans import Said, Span, SpanKind, trace_id_of
from common.trace import current_trace
from karla_portal.version import VERSION

_KINDS = {
    SpanKind.SERVER: trace.SpanKind.SERVER,
    SpanKind.CLIENT: trace.SpanKind.CLIENT,
    SpanKind.CONSUMER: trace.SpanKind.CONSUMER,
}
_PROPAGATOR = TraceContextTextMapPropagator()


class ToldSpan:
    def __init__(self, told: trace.Span) -> None:
        self._told = told
        self.headers: Mapping[str, str] = current_headers()

    def rename(self, name: str) -> None:
        self._told.update_name(name)

    def note(self, said: Said) -> None:
        self._told.set_attributes(said)

    def fail(self, reason: str) -> None:
        self._told.set_attribute("error.type", reason)
        self._told.set_status(Status(StatusCode.ERROR))


class OpenTelemetry:
    """OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_TRACES_SAMPLER and OTEL_EXPORTER_OTLP_* of
    the environment are as everywhere."""

    def __init__(self, exporter: SpanExporter) -> None:
        name = os.environ.get("OTEL_SERVICE_NAME", "karla-portal")
        self.provider = TracerProvider(
            resource=Resource.create({SERVICE_NAME: name, SERVICE_VERSION: VERSION}),
            id_generator=IdOfRequest(),
        )
        self.provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self.provider.get_tracer("karla_portal", VERSION)

    @contextmanager
    def span(
        self, name: str, kind: SpanKind, said: Said, *, within: Mapping[str, str], beside: str
    ) -> Iterator[Span]:
        linked = trace.get_current_span(_extracted({"traceparent": beside})).get_span_context()
        with self._tracer.start_as_current_span(
            name,
            context=_extracted(within) if within else None,
            kind=_KINDS[kind],
            attributes=said,
            links=[Link(linked)] if linked.is_valid else None,
            record_exception=False,  # its message may hold what somebody sent
            set_status_on_exception=False,
        ) as told:
            wrapped = ToldSpan(told)
            try:
                yield wrapped
            except Exception as error:
                wrapped.fail(type(error).__name__)
                raise


class IdOfRequest(RandomIdGenerator):  # type: ignore[misc]
    """A trace has the id that follows from its request's."""

    def generate_trace_id(self) -> int:
        request_id = current_trace().request_id
        return int(trace_id_of(request_id), 16) if request_id else super().generate_trace_id()

    def is_trace_id_random(self) -> bool:
        return False


def current_headers() -> dict[str, str]:
    """Of the span that is open now, if one is."""
    headers: dict[str, str] = {}
    _PROPAGATOR.inject(headers)
    return headers


def _extracted(headers: Mapping[str, str]) -> Context:
    return _PROPAGATOR.extract(headers, context=Context())
