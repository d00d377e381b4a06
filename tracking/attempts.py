"""How often somebody may look up an order: nobody gets far by guessing.

Attempts are counted before they are answered, so that many at once count as many: for each address
(of IPv6, its /64), for each order number that is typed, whether there is such an order or not, and
for the whole shop. Where the counters cannot be reached, nobody may try.
"""

import time
from dataclasses import dataclass
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address, ip_network

import structlog
from redis import RedisError

from common.cache_server import cache_server
from shops.models import Shop

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    most: int
    seconds: int


OF_ADDRESS = Limit(most=15, seconds=15 * 60)
"""A household mistypes less; behind one address of a mobile network others try, too."""
OF_ORDER = Limit(most=8, seconds=60 * 60)
"""Some 70,000 a year, where a German ZIP code is one of 8,000 and more: and that for one order."""
OF_SHOP = Limit(most=1_000, seconds=60 * 60)
"""So that a thousand addresses get no further than a few. Links in mails go on working."""


def may_try(shop: Shop, *, address: str, number: str) -> bool:
    """Counts this attempt; whether it is one too many for any of the limits."""
    counted = {
        f"address:{_network(address)}": OF_ADDRESS,
        f"order:{_digest(number)}": OF_ORDER,
        "shop": OF_SHOP,
    }
    now = int(time.time())
    try:
        with cache_server().pipeline(transaction=False) as pipeline:
            for name, limit in counted.items():
                key = f"lookup:{shop.id}:{name}:{now // limit.seconds}"
                pipeline.incr(key)
                pipeline.expire(key, limit.seconds)
            used = pipeline.execute()[::2]
    except RedisError:
        log.warning("lookup.not_counted")
        return False
    return all(count <= limit.most for count, limit in zip(used, counted.values(), strict=True))


def _network(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(ip_network((parsed, 64), strict=False))
    return address


def _digest(number: str) -> str:
    return blake2b(number.encode(), digest_size=12).hexdigest()
