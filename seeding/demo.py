"""The demo shop of a fresh installation, and what opens it.

It is made once, in a database that holds neither shops nor people. Whoever removes it is rid of it;
whoever begins with a shop of their own never gets it. Where demo.json was lost, the accounts that
are still there get new passwords and the key is issued anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import Enum, auto
from secrets import token_urlsafe

from django.db import connection, transaction
from django.utils import timezone

from common.database_session import session_connection
from seeding.campaigns import write_campaigns
from seeding.copying import copy
from seeding.credentials import Account, Credentials, keep_credentials, read_credentials
from seeding.loading import analyze, encode_batch, expect_arrivals
from seeding.shops import SeededShop
from shops.keys import issue_api_key, revoke_api_key
from shops.models import ApiKey, Role, Shop, User
from shops.services import add_member, create_shop, find_or_create_user, make_staff

SLUG = "demo"
STAFF = "admin@example.com"
MERCHANT = "merchant@example.com"
ORDERS = 900
DAYS = 120
LOCK = 4_715_001
"""Of the advisory lock: of two that start at once, the second finds what the first made."""


class Demo(Enum):
    MADE = auto()
    KEPT = auto()
    REOPENED = auto()
    """The shop was there, but not what opens it: passwords and key are new."""
    ABSENT = auto()


def load_demo(*, with_orders: bool) -> Demo:
    with _one_at_a_time():
        credentials = read_credentials()
        opens_this = credentials is not None and credentials.database == database_mark()
        shop = Shop.objects.filter(slug=SLUG).select_related("organization").first()
        if shop is None and (opens_this or not _is_untouched()):
            return Demo.ABSENT
        if shop is not None and opens_this:
            return Demo.KEPT
        with transaction.atomic():
            opened = _reopen(shop) if shop else _make(with_orders=with_orders)
        keep_credentials(opened)
        if shop is None and with_orders:
            analyze()
        return Demo.REOPENED if shop else Demo.MADE


def database_mark() -> str:
    """Tells this database from others: when its first migration was applied."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(applied) FROM django_migrations")
        [applied] = cursor.fetchone()
    return applied.isoformat() if isinstance(applied, datetime) else ""


def _is_untouched() -> bool:
    return not Shop.objects.exists() and not User.objects.exists()


def _make(*, with_orders: bool) -> Credentials:
    shop = create_shop(slug=SLUG, name="Demo", organization="Demo")
    staff, staff_password = find_or_create_user(STAFF)
    merchant, merchant_password = find_or_create_user(MERCHANT)
    make_staff(staff)
    add_member(shop, merchant, Role.ADMIN)
    if with_orders:
        _fill(shop)
    return Credentials(
        database=database_mark(),
        staff=_account(staff, staff_password or ""),
        merchant=_account(merchant, merchant_password or ""),
        api_username=SLUG,
        api_key=_issue_key(shop),
    )


def _reopen(shop: Shop) -> Credentials:
    """Accounts that were removed stay so; keys of other names and roles stay as they are."""
    for key in ApiKey.objects.filter(
        organization=shop.organization,
        username=SLUG,
        revoked_at=None,
        grants__shop=shop,
        grants__role=Role.ADMIN,
    ):
        revoke_api_key(key)
    return Credentials(
        database=database_mark(),
        staff=_new_password(STAFF),
        merchant=_new_password(MERCHANT),
        api_username=SLUG,
        api_key=_issue_key(shop),
    )


def _new_password(email: str) -> Account | None:
    user = User.objects.filter(email=email).first()
    if user is None:
        return None
    password = token_urlsafe(15)
    user.set_password(password)
    user.save(update_fields=["password"])
    return _account(user, password)


def _account(user: User, password: str) -> Account:
    return Account(email=user.email, password=password, stored_as=user.password)


def _issue_key(shop: Shop) -> str:
    _, secret = issue_api_key(
        organization=shop.organization, username=SLUG, grants={shop: Role.ADMIN}
    )
    return secret


def _fill(shop: Shop) -> None:
    """The same orders everywhere, but for their times."""
    seeded = SeededShop(
        shop=shop,
        seed=1,
        country_code="DE",
        range_name="Outdoor",
        orders=ORDERS,
        days=DAYS,
        until=timezone.now().replace(second=0, microsecond=0),
    )
    write_campaigns(seeded.campaigns)
    for places in seeded.batches():
        for copyable in encode_batch(seeded, places):
            copy(copyable)
    expect_arrivals(seeded)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with session_connection().cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute("RESET lock_timeout")
    try:
        yield
    finally:
        with session_connection().cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
