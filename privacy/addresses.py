"""What stands for an e-mail address after it is gone: a keyed digest, another one in each shop.

Whoever knows an address and has this installation's key can tell whether it was erased; nobody can
tell the address from the digest, nor try addresses without the key (docs/privacy.md).
"""

import hmac
from functools import lru_cache
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from shops.models import Shop


def digest_of(shop: Shop, address: str) -> str:
    """The same for the address in any case."""
    return digests_of(shop, address)[0]


def digests_of(shop: Shop, address: str) -> list[str]:
    """Under each of the keys, the newest first: what was noted under an older one is found, too."""
    named = shop.id.bytes + address.strip().lower().encode()
    return [hmac.digest(_key(key), named, "sha256").hex() for key in settings.ENCRYPTION_KEYS]


def quoted(address: str) -> str:
    """As it stands in the query of a URL, in lower case."""
    return quote(address.strip().lower(), safe="").lower()


@lru_cache(maxsize=8)
def _key(said: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"karla erased addresses")
    return derived.derive(said.encode())
