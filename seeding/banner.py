"""What `make run` says when all is up: where it is, and how to get in."""

from django.conf import settings

from seeding.credentials import Account, Credentials, read_credentials
from seeding.demo import SLUG, Demo, database_mark
from shops.keys import digest_of
from shops.models import ApiKey, Shop, User

CHANGED = "(changed since)"


def banner(demo: Demo = Demo.KEPT) -> str:
    """The address, and what opens the demo shop, as far as it still does."""
    url = settings.BASE_URL
    lines = ["", f"  The portal   {url}/"]
    credentials = read_credentials()
    if (
        credentials is None
        or credentials.database != database_mark()
        or not Shop.objects.filter(slug=SLUG).exists()
    ):
        return "\n".join([*lines, ""])
    passwords = _passwords(credentials)
    for account in (credentials.merchant, credentials.staff):
        if account is not None and account.email in passwords:
            where = (
                "merchant"
                if account is credentials.merchant
                else f"staff, at /{settings.ADMIN_PATH}/"
            )
            lines.append(f"  Log in as    {account.email:22} {passwords[account.email]:22} {where}")
    if ApiKey.objects.filter(digest=digest_of(credentials.api_key), revoked_at=None).exists():
        login = f"{credentials.api_username}:{credentials.api_key}"
        lines += [
            f"  API key      {credentials.api_username:22} {credentials.api_key}",
            "",
            f"  curl -u '{login}' '{url}/v1/shops/{SLUG}/orders?per_page=1'",
        ]
    else:
        lines.append("  API key      revoked")
    if demo is Demo.REOPENED:
        lines += [
            "",
            "  demo.json was lost: these passwords and this key are new, the old ones are void.",
        ]
    return "\n".join([*lines, ""])


def _passwords(credentials: Credentials) -> dict[str, str]:
    """By e-mail address, of the accounts that are still there."""
    accounts = [a for a in (credentials.staff, credentials.merchant) if a is not None]
    stored = dict(
        User.objects.filter(email__in=[account.email for account in accounts]).values_list(
            "email", "password"
        )
    )
    return {
        account.email: _shown(account, stored[account.email])
        for account in accounts
        if account.email in stored
    }


def _shown(account: Account, stored: str) -> str:
    return account.password if stored == account.stored_as else CHANGED
