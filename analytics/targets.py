"""How long a delivery should take at most, as each shop has it."""

from analytics.models import DeliveryTarget
from shops.models import Shop

USUAL = DeliveryTarget(days=3, in_business_days=True)


def target_of(shop: Shop) -> DeliveryTarget:
    return DeliveryTarget.objects.of(shop).first() or USUAL


def set_target(shop: Shop, *, days: int, in_business_days: bool) -> DeliveryTarget:
    target, _ = DeliveryTarget.objects.update_or_create(
        shop=shop, defaults={"days": days, "in_business_days": in_business_days}
    )
    return target
