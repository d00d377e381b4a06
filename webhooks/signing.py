"""How a receiver knows that a delivery is ours: two signatures, of the same secret.

`Karla-Signature` (the contract's section 5) keys HMAC-SHA256 with the secret as text; the Standard
Webhooks trio (https://github.com/standard-webhooks/standard-webhooks) with the bytes that a secret
of the form `whsec_<base64>` stands for, and with the text's own bytes where it has another form.
"""

import binascii
import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence
from functools import lru_cache
from secrets import token_bytes

PREFIX = "whsec_"
SECRET_BYTES = 32
TOLERANCE = 300
"""Seconds that a receiver allows between the signature's time and its own."""


def new_secret() -> str:
    return PREFIX + b64encode(token_bytes(SECRET_BYTES)).decode()


def signature_headers(
    body: bytes, *, message_id: str, secrets: Sequence[str], timestamp: int
) -> dict[str, str]:
    """With two secrets (while the older one still holds) both sign."""
    karla = ",".join(f"v1={karla_signature(body, secret, timestamp)}" for secret in secrets)
    standard = " ".join(
        f"v1,{standard_signature(body, secret, message_id, timestamp)}" for secret in secrets
    )
    return {
        "Karla-Signature": f"t={timestamp},{karla}",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": standard,
    }


def is_genuine(header: str, body: bytes, secret: str, *, now: int) -> bool:
    """Whether a receiver takes it: signed with the secret, and not too long ago."""
    said = signed_parts(header)
    if said is None or abs(now - said[0]) > TOLERANCE:
        return False
    return has_signature(said[1], body, secret, said[0])


def signed_parts(header: str) -> tuple[int, list[str]] | None:
    """The time and the signatures of a Karla-Signature; None where it has another form."""
    parts = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _sign, value in parts if name == "t"]
    signatures = [value for name, _sign, value in parts if name == "v1"]
    if len(times) != 1 or not (times[0].isascii() and times[0].isdigit()) or not signatures:
        return None
    return int(times[0][:15]), signatures


def has_signature(signatures: Sequence[str], body: bytes, secret: str, timestamp: int) -> bool:
    expected = karla_signature(body, secret, timestamp).encode()
    return any(hmac.compare_digest(expected, one.encode()) for one in signatures)


def karla_signature(body: bytes, secret: str, timestamp: int) -> str:
    return hmac.digest(secret.encode(), f"{timestamp}.".encode() + body, "sha256").hex()


def standard_signature(body: bytes, secret: str, message_id: str, timestamp: int) -> str:
    signed = f"{message_id}.{timestamp}.".encode() + body
    return b64encode(hmac.digest(standard_key(secret), signed, "sha256")).decode()


@lru_cache(maxsize=4096)
def standard_key(secret: str) -> bytes:
    if secret.startswith(PREFIX):
        try:
            return b64decode(secret.removeprefix(PREFIX), validate=True)
        except binascii.Error:
            pass
    return secret.encode()
