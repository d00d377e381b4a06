"""What refusals look like, for the API's description: a text and a body for each status."""

from typing import Any

from common.api.errors import error_body
from common.errors import Fault


def _sample(
    status: int, text: str, key: str, message: str, *faults: Fault
) -> tuple[int, tuple[str, dict[str, Any]]]:
    return status, (text, error_body(key, message, status=status, faults=faults))


REFUSALS: dict[int, tuple[str, dict[str, Any]]] = dict(
    (
        _sample(
            400,
            "`json_invalid`: the body is not JSON.",
            "json_invalid",
            "Invalid JSON: EOF while parsing an object at line 1 column 1",
        ),
        _sample(
            401,
            "`authentication_failed`: no, or wrong, credentials.",
            "authentication_failed",
            "The username or the API key is wrong, or it has expired.",
        ),
        _sample(
            403,
            "`permission_denied`: the key's role is too small.",
            "permission_denied",
            "This takes the role editor; the key has viewer in this shop.",
        ),
        _sample(
            404,
            "`shop_not_found`, or what is named in the path does not exist.",
            "shop_not_found",
            "There is no shop “demo” that this key can see.",
        ),
        _sample(
            409,
            "At odds with what is stored; the key says how.",
            "order_cancelled",
            "Order 11334422 is cancelled; nothing was changed.",
        ),
        _sample(
            413,
            "`request_too_large`: more than 10 MiB, or more items than are taken at once.",
            "request_too_large",
            "The array has 1,001 items; at most 1,000 are taken.",
        ),
        _sample(
            415,
            "`media_type_unsupported`: send `application/json`.",
            "media_type_unsupported",
            "Unsupported media type “text/plain” in request.",
        ),
        _sample(
            422,
            "`payload_invalid` or a more exact key; every fault is named by its path.",
            "zip_code_invalid",
            "order.address.zip_code: Field required",
            Fault(
                loc=("body", "order", "address", "zip_code"), msg="Field required", type="missing"
            ),
        ),
        _sample(
            429,
            "`rate_limited`: try again after `Retry-After` seconds.",
            "rate_limited",
            "Request was throttled. Expected available in 12 seconds.",
        ),
        _sample(
            500,
            "`internal_error`: our fault; nothing was changed.",
            "internal_error",
            "Something went wrong on our side; nothing was changed.",
        ),
        _sample(
            503,
            "`unavailable`: try again in a moment.",
            "unavailable",
            "The service cannot answer right now; try again in a moment.",
        ),
    )
)
