"""Changing a shop's rules: their order counts, so they are changed one after the other."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from claims.models import ClaimRule
from shops.models import Shop

MOST_RULES = 50


def find_rule(shop: Shop, rule_id: UUID) -> ClaimRule | None:
    return ClaimRule.objects.of(shop).filter(id=rule_id).first()


@transaction.atomic
def save_rule(shop: Shop, rule: ClaimRule) -> ClaimRule:
    """A new one comes last. An amount is one in the shop's currency."""
    rule.shop = shop
    rule.currency = shop.currency if rule.most_amount is not None else ""
    rule.updated_at = timezone.now()
    if rule.position is None:
        rules = _locked(shop)
        rule.position = rules[-1].position + 1 if rules else 0
    rule.save()
    return rule


@transaction.atomic
def move_rule(shop: Shop, rule_id: UUID, *, is_up: bool) -> None:
    """One place up or down; at the end of the way, or where it is gone, nothing happens."""
    rules = _locked(shop)
    place = next((at for at, rule in enumerate(rules) if rule.id == rule_id), None)
    if place is None:
        return
    other = place - 1 if is_up else place + 1
    if not 0 <= other < len(rules):
        return
    rules[place], rules[other] = rules[other], rules[place]
    for position, rule in enumerate(rules):
        rule.position = position
    ClaimRule.objects.of(shop).bulk_update(rules, ["position"])


@transaction.atomic
def delete_rule(shop: Shop, rule_id: UUID) -> None:
    """What it decided stays as it is, and in the history."""
    ClaimRule.objects.of(shop).filter(id=rule_id).delete()


def _locked(shop: Shop) -> list[ClaimRule]:
    Shop.objects.select_for_update(no_key=True).get(id=shop.id)
    return list(ClaimRule.objects.of(shop).order_by("position", "id"))
