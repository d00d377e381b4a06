"""What people and programs do with a shop's discounts."""

from decimal import Decimal
from typing import TypedDict
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.errors import DiscountExists, DiscountNotFound
from campaigns.models import Campaign, Discount
from common.errors import Fault, Invalid
from shops.models import Shop


class DiscountChanges(TypedDict, total=False):
    """Columns to set; what is not named stays."""

    code: str
    title: str
    type: str
    value_type: str
    value: Decimal


@transaction.atomic
def create_discount(shop: Shop, changes: DiscountChanges) -> Discount:
    """Raises DiscountExists, Invalid for more than 100 per cent."""
    _lock(shop)
    discount = Discount(shop=shop)
    _set(discount, changes)
    discount.created_at = discount.updated_at
    discount.save(force_insert=True)
    return discount


@transaction.atomic
def change_discount(discount: Discount, changes: DiscountChanges) -> Discount:
    """Raises what `create_discount` does, and DiscountNotFound."""
    shop = discount.shop
    _lock(shop)
    discount = find_discount(shop, discount.id)
    _set(discount, changes)
    discount.save(force_update=True)
    # What is shown of its campaigns changes with it (tracking.state).
    using = Campaign.objects.of(shop).filter(discount_id=discount.id)
    using.update(updated_at=discount.updated_at)
    return discount


@transaction.atomic
def delete_discount(discount: Discount) -> None:
    """Campaigns go on without it."""
    shop = discount.shop
    _lock(shop)
    using = Campaign.objects.of(shop).filter(discount_id=discount.id)
    for campaign in using:
        campaign.discount = None
        campaign.updated_at = timezone.now()
        campaign.save(update_fields=["discount", "updated_at"])
    find_discount(shop, discount.id).delete()


def find_discount(shop: Shop, discount_id: UUID) -> Discount:
    """As it is stored now; raises DiscountNotFound."""
    found = Discount.objects.of(shop).filter(id=discount_id).first()
    if found is None:
        raise DiscountNotFound(f"There is no discount {discount_id} in this shop.")
    found.shop = shop
    return found


def _lock(shop: Shop) -> None:
    Shop.objects.select_for_update(no_key=True).get(id=shop.id)


def _set(discount: Discount, changes: DiscountChanges) -> None:
    for name, value in changes.items():
        setattr(discount, name, value)
    discount.updated_at = timezone.now()
    if discount.value_type == Discount.ValueType.PERCENTAGE and discount.value > 100:
        message = "a percentage must be at most 100"
        raise Invalid(
            f"value: {message}.", [Fault(loc=("value",), msg=message, type="value_error")]
        )
    same = Upper(Value(discount.code, CharField()))
    others = Discount.objects.of(discount.shop).exclude(id=discount.id)
    if others.annotate(upper=Upper("code")).filter(upper=same).exists():
        raise DiscountExists(_("Another discount of this shop has the code %s.") % discount.code)
