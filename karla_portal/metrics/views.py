"""/metrics: what Prometheus reads. Closed unless METRICS_TOKEN names the token that opens it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Counter
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from common.counters import ATTEMPTS, FOLDER, MAILS, ORDERS, SCANS, counter
from intake.wave import Outcome
from karla_portal.metrics.gauges import Gauges
from notices.models import MailState
from shipments.models import Effect

FROM_THE_START: dict[Counter, list[str]] = {
    ORDERS: [*Outcome.values, "refused"],
    SCANS: [*Effect.values, "refused"],
    ATTEMPTS: ["success", "failure"],
    MAILS: [
        state.value
        for state in (MailState.SENT, MailState.SKIPPED, MailState.FAILED, MailState.UNSURE)
    ],
}
"""Series that are there before anything was counted: a rate needs a point to begin at."""


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    if not settings.METRICS_TOKEN:
        raise Http404
    said = request.headers.get("Authorization", "")
    if not constant_time_compare(said, f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(generate_latest(_registry()), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _registry() -> CollectorRegistry:
    registry = CollectorRegistry(auto_describe=False)
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    for metric, labels in FROM_THE_START.items():
        for label in labels:
            counter(metric, label)
    MultiProcessCollector(registry, str(FOLDER))  # type: ignore[no-untyped-call]
    registry.register(Gauges())
    return registry
