"""Rendered pages, kept in the shared cache: an order that thousands watch costs little.

A page is sent as it is kept for FRESH seconds. Then one request (the others go on reading the kept
one) asks the database in one query whether anything changed (`tracking.state`), and only if so, or
after LONGEST, is it rendered anew. What the customer does shows at once: it forgets the pages.
Without the cache every page is rendered.
"""

import gzip
import time
from dataclasses import dataclass, fields, replace
from hashlib import blake2b
from uuid import UUID

import structlog
from django.conf import settings
from django.core.cache import cache
from redis import RedisError

from engagement.short_memory import ShortMemory
from orders.tracking_link import LinkedOrder

FRESH = 10
"""Seconds for which nobody asks the database."""
LONGEST = 300
"""Seconds after which a page is rendered anew: days pass, campaigns begin."""
ONE_ASKS = 5
"""Seconds for which the others leave it to the one that asks."""

log = structlog.get_logger()

_remembered = ShortMemory["KeptPage"](most=200, seconds=1)
"""Each process asks the cache for a page once in a second, however many watch it."""


@dataclass(frozen=True, kw_only=True)
class KeptPage:
    body: bytes
    """Packed (gzip), as nearly every browser takes it: a third of the memory and of the way."""
    language: str
    picture_hosts: tuple[str, ...]
    state: str
    """What it was rendered from."""
    rendered_at: float
    checked_at: float
    campaign_id: UUID | None = None
    """The campaign that it shows or, by its `variant`, holds out."""
    variant: str = ""
    has_script: bool = False
    """Whether a script of ours runs in it, as a comfort."""

    @property
    def etag(self) -> str:
        """A weak one: of the page, however it is packed."""
        return f'W/"{blake2b(self.body, digest_size=12).hexdigest()}"'

    @property
    def unpacked(self) -> bytes:
        return gzip.decompress(self.body)

    @property
    def is_fresh(self) -> bool:
        return time.time() - self.checked_at < FRESH

    def is_still(self, state: str) -> bool:
        """Whether it may be sent on: nothing changed, and it is not too old."""
        return self.state == state and time.time() - self.rendered_at < LONGEST


_FORM = blake2b(
    ".".join(field.name for field in fields(KeptPage)).encode(), digest_size=4
).hexdigest()
"""A release with other fields does not find the pages that one before it kept."""


def packed(page: str) -> bytes:
    return gzip.compress(page.encode(), compresslevel=6, mtime=0)


def kept_page(linked: LinkedOrder, language: str) -> KeptPage | None:
    """`language`: the one asked for, empty where nobody asked (`tracking.languages`)."""
    key = _key(linked, language)
    remembered = _remembered.get(key)
    if remembered is not None and remembered.is_fresh:
        return remembered
    try:
        page: KeptPage | None = cache.get(key)
    except RedisError:
        log.warning("tracking.no_cache")
        return None
    if page is not None:
        _remembered.put(key, page)
    return page


def may_ask(linked: LinkedOrder, language: str) -> bool:
    """Whether this request is the one that looks for changes."""
    try:
        return bool(cache.add(f"{_key(linked, language)}:asks", 1, ONE_ASKS))
    except RedisError:
        return True


def keep_page(linked: LinkedOrder, language: str, page: KeptPage) -> None:
    try:
        cache.set(_key(linked, language), page, LONGEST)
        cache.delete(f"{_key(linked, language)}:asks")
    except RedisError:
        log.warning("tracking.no_cache")


def confirm_page(linked: LinkedOrder, language: str, page: KeptPage) -> KeptPage:
    confirmed = replace(page, checked_at=time.time())
    keep_page(linked, language, confirmed)
    return confirmed


def forget_pages(shop_id: UUID, order_id: UUID) -> None:
    """The order's, in every language: for whatever its customer is to see at once."""
    linked = LinkedOrder(shop_id=shop_id, order_id=order_id)
    languages = ["", *(code for code, _ in settings.LANGUAGES)]
    keys = [_key(linked, asked) for code in languages for asked in (code, f"{code}!")]
    for key in keys:
        _remembered.forget(key)
    try:
        cache.delete_many(keys)
    except RedisError:
        log.warning("tracking.no_cache")


def _key(linked: LinkedOrder, language: str) -> str:
    return f"tracking:{_FORM}:{linked.shop_id}:{linked.order_id}:{language}"
