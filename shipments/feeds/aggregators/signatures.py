"""Whether a delivery comes from who knows the connection's secret: AfterShip's and EasyPost's ways.

Neither binds a delivery to its moment in every one of its forms. A replay is no harm: what it says
was recorded when it came first, and is told by its ids.
"""

import hmac
import unicodedata
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256

from django.utils import timezone

AFTERSHIP_HEADERS = ("aftership-hmac-sha256", "as-signature-hmac-sha256")
EASYPOST_HEADER = "X-Hmac-Signature"
EASYPOST_HEADER_V2 = "X-Hmac-Signature-V2"
EASYPOST_PREFIX = "hmac-sha256-hex="
TOLERANCE = timedelta(minutes=5)
"""Of the time in EasyPost's second form."""

Headers = Mapping[str, str]
Check = Callable[[str, Headers, str, bytes], bool]
"""Of secret, headers, path and raw body."""


def is_from_aftership(secret: str, headers: Headers, path: str, body: bytes) -> bool:
    """Base64 of the raw body's HMAC-SHA256.

    https://www.aftership.com/docs/tracking/webhook/webhook-signature
    """
    expected = b64encode(hmac.digest(secret.encode(), body, sha256))
    return any(_is(headers.get(name), expected) for name in AFTERSHIP_HEADERS)


def is_from_easypost(secret: str, headers: Headers, path: str, body: bytes) -> bool:
    """Hex of the raw body's HMAC-SHA256 under the secret's NFKD form; or, in the second form, of
    `X-Timestamp` (RFC 2822, not older than five minutes), method, `X-Path` and body.

    https://docs.easypost.com/guides/webhooks-guide and
    https://support.easypost.com/hc/en-us/articles/39826034964237-Webhook-HMAC-Validation
    """
    key = unicodedata.normalize("NFKD", secret).encode()
    if _is(headers.get(EASYPOST_HEADER), _easypost(key, body)):
        return True
    at, signed_path = headers.get("X-Timestamp", ""), headers.get("X-Path", "")
    signed = f"{at}POST{signed_path}".encode() + body
    is_signed = _is(headers.get(EASYPOST_HEADER_V2), _easypost(key, signed))
    return is_signed and signed_path == path and _is_recent(at)


def _easypost(key: bytes, signed: bytes) -> bytes:
    return EASYPOST_PREFIX.encode() + hmac.digest(key, signed, sha256).hex().encode()


def _is(sent: str | None, expected: bytes) -> bool:
    return hmac.compare_digest((sent or "").strip().encode(), expected)


def _is_recent(said: str) -> bool:
    try:
        at: datetime = parsedate_to_datetime(said)
    except ValueError:
        return False
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return abs(timezone.now() - at) <= TOLERANCE
