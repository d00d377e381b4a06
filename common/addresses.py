"""Whose address a request comes from, when proxies of ours stand in between."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The entry of X-Forwarded-For that our outermost proxy wrote; those left of it may be lies."""
    direct: str = request.META.get("REMOTE_ADDR", "")
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    count = settings.TRUSTED_PROXIES
    if count and len(forwarded) >= count and forwarded[-count]:
        return _without_port(forwarded[-count])
    return direct


def _without_port(written: str) -> str:
    """Some proxies write `192.0.2.1:4711`, or `[2001:db8::1]:4711`."""
    if written.startswith("["):
        return written[1:].partition("]")[0]
    return written.partition(":")[0] if written.count(":") == 1 else written
