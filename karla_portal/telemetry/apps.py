"""In INSTALLED_APPS only where OTEL_EXPORTER_OTLP_ENDPOINT says where spans go."""

from django.apps import AppConfig
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

from common.spans import tell_spans_to
from karla_portal.telemetry.opentelemetry import OpenTelemetry


class TelemetryConfig(AppConfig):
    name = "karla_portal.telemetry"
    label = "telemetry"

    def ready(self) -> None:
        tell_spans_to(OpenTelemetry(OTLPSpanExporter()))
