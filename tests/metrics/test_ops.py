"""The board and the alert rules ask for nothing that /metrics does not say."""

import json
import re
from pathlib import Path

import pytest

from common.heartbeats import SENDER, WORKER, note_alive
from tests.metrics.scraping import TOKEN, WITH_REPLICAS, scrape

pytestmark = pytest.mark.django_db

OPS = Path(__file__).parents[2] / "ops"
SELECTOR = re.compile(r"(karla_\w+)(?:\{([^}]*)\})?")
MATCHER = re.compile(r'(\w+)(=~|=)"([^"]*)"')
GROUPED = re.compile(r"by \((\w+(?:, \w+)*)\) \((?:rate\()?(karla_\w+)")
COMES_WITH_TROUBLE = {("karla_http_responses_total", "status", "5..")}


@pytest.fixture
def samples(settings):
    """Of a product whose processes all run."""
    settings.METRICS_TOKEN = TOKEN
    note_alive(WORKER)
    note_alive(SENDER)
    scrape()  # a request that the next one counts
    return scrape()


def expressions() -> list[str]:
    board = json.loads((OPS / "grafana.json").read_text("utf-8"))
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    rules = re.findall(r"^ *expr: (.+)$", (OPS / "alerts.yml").read_text("utf-8"), re.MULTILINE)
    assert len(asked) > 20
    assert len(rules) > 10
    return asked + rules


def test_every_series_that_is_asked_for_is_there(samples):
    for expression in expressions():
        for name, matchers in SELECTOR.findall(expression):
            if name in WITH_REPLICAS:
                continue
            labels = [dict(labels) for found, labels in samples if found == name]
            assert labels, f"{name} is not in /metrics: {expression}"
            for label, kind, value in MATCHER.findall(matchers):
                if (name, label, value) in COMES_WITH_TROUBLE:
                    continue
                wanted = re.compile(value if kind == "=~" else re.escape(value))
                assert any(wanted.fullmatch(one.get(label, "")) for one in labels), expression


def test_every_label_that_is_grouped_by_is_there(samples):
    for expression in expressions():
        for labels, name in GROUPED.findall(expression):
            held = [dict(found) for sample, found in samples if sample == name]
            for label in labels.split(", "):
                assert all(label in one for one in held), expression


def test_every_panel_has_room_of_its_own():
    board = json.loads((OPS / "grafana.json").read_text("utf-8"))
    taken = set()
    for panel in board["panels"]:
        at = panel["gridPos"]
        squares = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert not taken & squares
        assert max(x for x, _ in squares) < 24
        taken |= squares
