"""What is kept of mails: that there was one, for good; what it said, for 30 days."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from shops.models import Shop

BODIES_KEPT_FOR = timedelta(days=30)
CHUNK = 5_000
"""Rows at a time, so that nobody waits for a long transaction."""


def forget_old_bodies() -> int:
    """Empty what mails of more than 30 days ago said; how many."""
    before, forgotten = timezone.now() - BODIES_KEPT_FOR, 0
    for shop_id in Shop.objects.order_by("id").values_list("id", flat=True):
        count = CHUNK
        while count == CHUNK:
            with connection.cursor() as cursor:
                cursor.execute(_BODIES, [shop_id, shop_id, before, CHUNK])
                count = cursor.rowcount
            forgotten += count
    return forgotten


_BODIES = """
    UPDATE notices_mail SET text = '', html = '' WHERE shop_id = %s AND id IN (
        SELECT id FROM notices_mail
         WHERE shop_id = %s AND created_at < %s AND text <> '' LIMIT %s)
"""
