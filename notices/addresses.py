"""E-mail addresses: whether one can be written to, and a digest that stands for it."""

from hashlib import sha256
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST = 254
"""RFC 5321, with its angle brackets 256."""


def is_deliverable(address: str) -> bool:
    """One plain address: no list, no name beside it, no line break."""
    if len(address) > LONGEST:
        return False
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


def address_digest(shop_id: UUID, address: str) -> str:
    """The same for the address in any case; another one in another shop."""
    return sha256(shop_id.bytes + address.strip().lower().encode()).hexdigest()
