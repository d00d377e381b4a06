"""Who is in a shop, and as what: a shop keeps at least one admin."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shops.errors import LastAdmin, MemberNotFound
from shops.models import Membership, Role, Shop


def members_of(shop: Shop) -> QuerySet[Membership]:
    return Membership.objects.filter(shop=shop).select_related("user").order_by("user__email")


@transaction.atomic
def change_role(membership: Membership, role: Role) -> Membership:
    """Raises LastAdmin where nobody would be left who can let others in; MemberNotFound."""
    _keep_an_admin(membership, unless=role is Role.ADMIN)
    membership.role = role
    membership.save(update_fields=["role"])
    return membership


@transaction.atomic
def remove_member(membership: Membership) -> None:
    """The person's account stays. Raises LastAdmin, MemberNotFound."""
    _keep_an_admin(membership, unless=False)
    membership.delete()


def _keep_an_admin(membership: Membership, *, unless: bool) -> None:
    """Two admins who remove each other at the same moment do so one after the other."""
    Shop.objects.select_for_update().get(pk=membership.shop_id)
    if not Membership.objects.filter(shop=membership.shop_id, pk=membership.pk).exists():
        raise MemberNotFound(_("This person is no member any more."))
    others = Membership.objects.filter(
        shop=membership.shop_id, role=Role.ADMIN, user__is_active=True
    ).exclude(pk=membership.pk)
    if not unless and not others.exists():
        raise LastAdmin(_("A shop needs an admin: make somebody else one first."))
