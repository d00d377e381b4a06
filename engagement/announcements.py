"""What a shop tells everybody who looks after an order."""

from collections.abc import Mapping
from datetime import datetime

from engagement.models import Announcement
from shops.models import Shop


def announce(
    shop: Shop,
    *,
    texts: Mapping[str, str],
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Announcement:
    """`texts` by language; without times, from now on and until it is removed."""
    return Announcement.objects.create(
        shop=shop, texts=dict(texts), starts_at=starts_at, ends_at=ends_at
    )
