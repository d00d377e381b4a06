"""Without an address for spans there are none, and nothing of OpenTelemetry is loaded."""

import os
import subprocess
import sys
import tomllib
from importlib.util import find_spec

import pytest

from common.spans import SpanKind, are_spans_told, span
from karla_portal.embedded.environment import PROJECT
from tests.logs.lines import lines_written

_LOADED = """
import sys
import django
django.setup()
from django.conf import settings
from karla_portal import celery, wsgi
ours = ("opentelemetry.exporter", "karla_portal.telemetry")
is_loaded = any(name.startswith(ours) for name in sys.modules)
after = settings.MIDDLEWARE.index("common.middleware.RequestIDMiddleware") + 1
print(celery.app.Task.__base__.__name__, is_loaded, settings.MIDDLEWARE[after])
"""


def loaded(**environment: str) -> list[str]:
    said = subprocess.run(
        [sys.executable, "-c", _LOADED],
        cwd=PROJECT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "karla_portal.settings"} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return said.stdout.split()


def test_nothing_is_loaded_and_nothing_is_in_the_way() -> None:
    task, is_loaded, _ = loaded()
    assert (task, is_loaded) == ("TracedTask", "False")


def test_an_address_is_all_that_it_takes() -> None:
    if find_spec("opentelemetry") is None:
        why = "NOT TESTED: traces. Install requirements-dev.txt."
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    task, is_loaded, middleware = loaded(OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9")
    assert (task, is_loaded) == ("SpanTask", "True")
    assert middleware == "karla_portal.telemetry.middleware.SpanMiddleware"


def test_the_extra_is_what_is_pinned() -> None:
    said = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    assert said["project"]["optional-dependencies"]["otel"] == said["dependency-groups"]["otel"]


def test_a_span_that_nobody_hears_is_none() -> None:
    with span("nothing", SpanKind.CLIENT, {}) as told:
        told.note({"karla.attempt": 1})
        assert told.headers == {}
    assert not are_spans_told()


def test_lines_name_no_trace(client) -> None:
    with lines_written() as lines:
        client.get("/healthz")
    [line] = lines.of("request.answered")
    assert "trace_id" not in line
