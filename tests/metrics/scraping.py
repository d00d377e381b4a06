"""A look at /metrics, as Prometheus takes it."""

from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

TOKEN = "a-token-of-these-tests"
WITH_REPLICAS = {
    "karla_replica_up",
    "karla_replica_behind_seconds",
    "karla_replica_behind_bytes",
}
"""There where the product has replicas (tests/scaling/test_replicas.py)."""


def scrape() -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Each sample by its name and labels; with `settings.METRICS_TOKEN` set to TOKEN."""
    answer = Client(SERVER_NAME="localhost").get(
        "/metrics", headers={"Authorization": f"Bearer {TOKEN}"}
    )
    assert answer.status_code == 200, answer.content
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }
