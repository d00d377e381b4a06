"""Who asks: callers see what they wrote themselves, whatever a replica has heard of it."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest


def caller_of(request: HttpRequest, parameters: Mapping[str, Any]) -> str:
    """The API key, the session, or the link of a customer's page; empty if there is none.

    Taken from the request alone, before anybody checked it, and not to be turned back.
    """
    said = (
        request.META.get("HTTP_AUTHORIZATION")
        or request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        or parameters.get("token")
    )
    return hashlib.sha256(str(said).encode()).hexdigest()[:32] if said else ""
