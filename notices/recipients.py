"""Whom of a shop's own people notices go to."""

from notices.models import NoticeSettings
from shops.models import Role, Shop, User

MOST_STAFF = 10


def settings_of(shop: Shop) -> NoticeSettings:
    """As kept, or the defaults."""
    return NoticeSettings.objects.of(shop).first() or NoticeSettings(shop=shop)


def staff_addresses(shop: Shop) -> list[str]:
    """Those that the shop named, else its admins'."""
    return settings_of(shop).staff_addresses or admin_addresses(shop)


def admin_addresses(shop: Shop) -> list[str]:
    admins = User.objects.filter(
        memberships__shop=shop, memberships__role=Role.ADMIN, is_active=True
    )
    return list(admins.order_by("email").values_list("email", flat=True))
