"""/healthz: this process answers. /readyz: what it stands on answers too."""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError as BrokerError

from karla_portal.celery import app


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, broker and migrations are in order, else 503, naming what failed.

    `?for=requests` leaves out what they can do without: the death of the broker, which all web
    machines share, is no reason to send requests away from all of them.
    """
    names = NEEDED_BY_REQUESTS if request.GET.get("for") == "requests" else tuple(CHECKS)
    failed = {name: why for name in names if (why := CHECKS[name]())}
    checks = {name: failed.get(name, "ok") for name in names}
    status = 503 if failed else 200
    return JsonResponse(
        {"status": "unavailable" if failed else "ok", "checks": checks}, status=status
    )


def _database() -> str | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "does not answer"
    return None


def _broker() -> str | None:
    try:
        with app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (BrokerError, OSError):
        return "does not answer"
    return None


def _migrations() -> str | None:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "cannot be read"
    return f"{len(missing)} are missing" if missing else None


CHECKS: dict[str, Callable[[], str | None]] = {
    "database": _database,
    "broker": _broker,
    "migrations": _migrations,
}
NEEDED_BY_REQUESTS = ("database", "migrations")
