"""API keys: issuing, revoking, and the one query that admits a caller to a shop."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from common.statements import raw_cursor
from shops.errors import KeyOfOtherShops
from shops.models import ApiKey, ApiKeyGrant, Organization, Role, Shop, strongest
from shops.several_shops import note_revocation

KEY_BYTES = 32
"""256 random bits; the contract asks for 160 (section 1)."""

LAST_USED_PRECISION = timedelta(minutes=1)
"""So that a busy key costs one write a minute, not one a request."""


@dataclass(frozen=True, kw_only=True)
class Access:
    """A caller whose key was right, and what it may do in the shop it named."""

    key_id: UUID
    username: str
    hint: str
    """The end of the key."""
    shop: Shop | None
    """None where the key cannot see the shop or it does not exist: the two are not told apart."""
    role: Role | None


def issue_api_key(
    *,
    organization: Organization,
    username: str,
    grants: dict[Shop | None, Role],
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """The new key's row, and the key itself, which nobody can read again."""
    secret = token_urlsafe(KEY_BYTES)
    with transaction.atomic():
        key = ApiKey.objects.create(
            organization=organization,
            username=username,
            digest=digest_of(secret),
            hint=secret[-4:],
            expires_at=expires_at,
        )
        for shop, role in grants.items():  # one by one: each stands in the audit of its shop
            ApiKeyGrant.objects.create(key=key, shop=shop, role=role)
    return key, secret


def revoke_api_key(key: ApiKey) -> ApiKey:
    """Lock the key out at once; a second revocation changes nothing."""
    if key.revoked_at is None:
        key.revoked_at = timezone.now()
        with transaction.atomic():
            key.save(update_fields=["revoked_at"])
            note_revocation(key)
    return key


def keys_of(shop: Shop) -> QuerySet[ApiKey]:
    """Those that open this shop and were not revoked; `grants` are read with them."""
    opens = ApiKeyGrant.objects.filter(key=OuterRef("pk")).filter(Q(shop=shop) | Q(shop=None))
    keys = ApiKey.objects.filter(Exists(opens), organization=shop.organization_id, revoked_at=None)
    return keys.prefetch_related("grants").order_by("-created_at")


def revoke_key_of(shop: Shop, key: ApiKey) -> ApiKey:
    """As an admin of this one shop: raises KeyOfOtherShops for a key that opens others, too."""
    if key.grants.exclude(shop=shop).exists():
        raise KeyOfOtherShops(_("This key opens other shops, too: ask the operator to revoke it."))
    return revoke_api_key(key)


def digest_of(secret: str) -> str:
    """A fast digest is right for a random key: there is nothing to guess."""
    return sha256(secret.encode()).hexdigest()


def find_access(*, username: str, secret: str, slug: str) -> Access | None:
    """Who calls, and what they may do in the shop `slug`; None when the credentials are wrong."""
    cursor = raw_cursor()
    cursor.execute(_FIND_ACCESS, [slug, digest_of(secret)])
    rows = cursor.fetchall()
    if not rows or not compare_digest(rows[0][1].encode(), username.encode()):
        return None
    key_id, key_username, is_use_noted, hint = rows[0][:4]
    if not is_use_noted:
        _note_use(key_id)
    role = strongest(row[4] for row in rows if row[4])
    shop = Shop.from_db("default", _SHOP_COLUMNS, rows[0][5:]) if role else None
    return Access(key_id=key_id, username=key_username, hint=hint, shop=shop, role=role)


def _note_use(key_id: UUID) -> None:
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - LAST_USED_PRECISION)
    ApiKey.objects.filter(stale, pk=key_id).update(last_used_at=now)


_SHOP_COLUMNS = ["id", "organization_id", "slug", "name", "timezone", "currency", "language"]

_FIND_ACCESS = f"""
    SELECT key.id, key.username,
           coalesce(
               key.last_used_at
               >= statement_timestamp() - interval '{LAST_USED_PRECISION.total_seconds()} seconds',
               false
           ),
           key.hint, may.role,
           {", ".join(f"shop.{column}" for column in _SHOP_COLUMNS)}
      FROM shops_apikey key
      LEFT JOIN shops_shop shop ON shop.organization_id = key.organization_id AND shop.slug = $1
      LEFT JOIN shops_apikeygrant may
             ON may.key_id = key.id AND shop.id IS NOT NULL
            AND (may.shop_id = shop.id OR may.shop_id IS NULL)
     WHERE key.digest = $2 AND key.revoked_at IS NULL
       AND (key.expires_at IS NULL OR key.expires_at > statement_timestamp())
"""
