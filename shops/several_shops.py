"""Edits of what belongs to no shop: an entry in the audit of each shop that they concern."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from auditlog.models import LogEntry
from django.db.models import Model

from common.audit import is_recording
from shops.models import ApiKey, Membership, Shop, User

A_NEW_ONE = "a new one"


def note_revocation(key: ApiKey) -> None:
    """In the shops that the key opened."""
    granted = set(key.grants.values_list("shop_id", flat=True))
    shops = Shop.objects.filter(organization=key.organization_id)
    opened = shops if None in granted else shops.filter(id__in=granted)
    changes = {"revoked_at": ("None", str(key.revoked_at))}
    _note(key, opened.values_list("id", flat=True), changes)


def note_second_factor(user: User, *, was: str, now: str) -> None:
    """In the person's shops. What the factor is made of is nobody's business."""
    shops = Membership.objects.filter(user=user).values_list("shop_id", flat=True)
    _note(user, shops, {"second factor": (was, now)})


def note_new_password(user: User) -> None:
    """In the person's shops: that there is one, and nothing of it."""
    shops = Membership.objects.filter(user=user).values_list("shop_id", flat=True)
    _note(user, shops, {"password": ("", A_NEW_ONE)})


def note_ended_session(user: User, *, where: str) -> None:
    """In the person's shops. `where`: the address and the browser that are logged out."""
    shops = Membership.objects.filter(user=user).values_list("shop_id", flat=True)
    _note(user, shops, {"session": (where, "")})


def _note(row: Model, shops: Iterable[UUID], changes: Mapping[str, tuple[str, str]]) -> None:
    if not is_recording():
        return
    for shop_id in shops:
        LogEntry.objects.log_create(
            row,
            action=LogEntry.Action.UPDATE,
            changes=changes,
            additional_data={"shop": str(shop_id)},
        )
