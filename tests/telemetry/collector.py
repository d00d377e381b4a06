"""A collector of spans on the loopback, speaking OTLP over HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from common.spans import tell_spans_to
from karla_portal.telemetry.opentelemetry import OpenTelemetry


@dataclass
class Collector:
    spans: list[Any] = field(default_factory=list)
    services: set[str] = field(default_factory=set)
    raw: bytes = b""

    def named(self, name: str) -> Any:
        [found] = [span for span in self.spans if span.name == name]
        return found

    def take(self, body: bytes) -> None:
        self.raw += body
        for of_resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.services.add(attributes_of(of_resource.resource)["service.name"])
            for scope in of_resource.scope_spans:
                self.spans.extend(scope.spans)


def attributes_of(said: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in said.attributes}


@contextmanager
def collecting() -> Iterator[Collector]:
    """All spans of this process have arrived when it ends."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.take(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    endpoint = f"http://127.0.0.1:{server.server_port}/v1/traces"
    telemetry = OpenTelemetry(OTLPSpanExporter(endpoint=endpoint))
    tell_spans_to(telemetry)
    try:
        yield collector
    finally:
        tell_spans_to(None)
        telemetry.provider.shutdown()
        server.shutdown()
        thread.join()
        server.server_close()
