"""A look at the page before customers see it: kept for a while under a key that nobody guesses.

The portal keeps what a member is trying out, the tracking page shows it to whoever has the key.
"""

import secrets
from dataclasses import dataclass
from uuid import UUID

from django.core.cache import cache

from engagement.design import Design

KEPT = 60 * 60
"""Seconds."""


@dataclass(frozen=True, kw_only=True)
class Preview:
    shop_id: UUID
    design: Design
    announcements: tuple[str, ...] = ()


def keep_preview(preview: Preview) -> str:
    key = secrets.token_urlsafe(24)
    cache.set(f"preview:{key}", preview, KEPT)
    return key


def kept_preview(key: str) -> Preview | None:
    preview: Preview | None = cache.get(f"preview:{key}")
    return preview
