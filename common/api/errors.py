"""Refusals as the contract's section 2 has them: one body for every error."""

from collections.abc import Sequence
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response

from common.errors import Conflict, Denied, DomainError, Fault, Invalid, Missing, TooLarge
from common.replicas.reading import is_fault_of_replica
from common.retry import may_pass

log = structlog.get_logger()

STATUS_BY_BRANCH: dict[type[DomainError], int] = {
    Missing: 404,
    Conflict: 409,
    Invalid: 422,
    Denied: 403,
    TooLarge: 413,
}

KEY_BY_STATUS = {
    400: "json_invalid",
    401: "authentication_failed",
    403: "permission_denied",
    404: "not_found",
    405: "method_not_allowed",
    415: "media_type_unsupported",
    429: "rate_limited",
}

LATER = {"Retry-After": "1"}
"""Seconds."""

KEY_WHEN_ONLY_FAULT = {
    "zip_code": "zip_code_invalid",
    "carrier_reference": "carrier_reference_invalid",
}


def error_body(
    key: str, message: str, *, status: int, faults: Sequence[Fault] = ()
) -> dict[str, Any]:
    return {
        "errors": [fault_body(fault) for fault in faults],
        "key": key,
        "message": message,
        "type": "api_error" if status >= 500 else "invalid_request_error",
    }


def fault_body(fault: Fault) -> dict[str, Any]:
    return {"loc": list(fault.loc), "msg": fault.msg, "field": fault.field, "type": fault.type}


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. What was not foreseen is logged and answered with 500 or 503.

    None, which has it raised, for what the primary may still answer (`common.replicas`).
    """
    if is_fault_of_replica(error):
        return None
    match error:
        case DomainError():
            return _answer_refusal(error)
        case exceptions.APIException():
            return _answer_framework_error(error)
        case Http404():
            return Response(error_body("not_found", "There is nothing here.", status=404), 404)
        case PermissionDenied():
            return Response(error_body("permission_denied", str(error), status=403), 403)
        case _ if may_pass(error):
            log.error("request.unavailable", exc_info=error)
            return Response(_unavailable(), 503, headers=LATER)
        case _:
            log.error("request.failed", exc_info=error)
            return Response(_internal_error(), 500)


def _answer_refusal(error: DomainError) -> Response:
    status = next(
        (status for branch, status in STATUS_BY_BRANCH.items() if isinstance(error, branch)), 400
    )
    key = error.key
    if key == Invalid.key and len({fault.field for fault in error.faults}) == 1:
        key = KEY_WHEN_ONLY_FAULT.get(error.faults[0].field, key)
    return Response(error_body(key, error.message, status=status, faults=error.faults), status)


def _answer_framework_error(error: exceptions.APIException) -> Response:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    status = error.status_code
    key = KEY_BY_STATUS.get(status, "internal_error" if status >= 500 else "invalid_request")
    return Response(error_body(key, str(error.detail), status=status), status, headers=headers)


def _unavailable() -> dict[str, Any]:
    message = "The service cannot answer right now; try again in a moment."
    return error_body("unavailable", message, status=503)


def _internal_error() -> dict[str, Any]:
    message = "Something went wrong on our side; nothing was changed."
    return error_body("internal_error", message, status=500)


def answer_not_found(request: HttpRequest) -> JsonResponse:
    """For addresses below /v1/ that no view answers."""
    message = f"There is nothing at {request.path}."
    return JsonResponse(error_body("not_found", message, status=404), status=404)


def answer_unavailable(request: HttpRequest) -> JsonResponse:
    return JsonResponse(_unavailable(), status=503, headers=LATER)


def answer_internal_error(request: HttpRequest) -> JsonResponse:
    return JsonResponse(_internal_error(), status=500)


def answer_bad_request(request: HttpRequest) -> JsonResponse:
    """For requests that Django itself refuses, such as one for a host that is not ours."""
    message = "The request's host or form is not one that is answered here."
    return JsonResponse(error_body("request_invalid", message, status=400), status=400)
