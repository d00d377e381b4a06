"""`manage.py createapikey SLUG`: a new API key, alone on the last line of what it prints."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from shops.keys import issue_api_key
from shops.management.arguments import shop_called
from shops.models import ApiKey, Role


class Command(BaseCommand):
    help = "Issue an API key. It is printed once, alone on the last line, and kept nowhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the shop that the key opens")
        parser.add_argument("--username", help="of HTTP Basic (default: the slug)")
        parser.add_argument(
            "--role", choices=Role.values, default=Role.EDITOR.value, help="default: editor"
        )
        parser.add_argument(
            "--all-shops",
            action="store_true",
            help="the key opens every shop of the organization, those to come too",
        )
        parser.add_argument(
            "--expires",
            type=_time,
            metavar="TIME",
            help="such as 2030-01-31 or 2030-01-31T12:00+01:00; UTC where it says no zone",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        shop = shop_called(options["slug"])
        username = options["username"] or shop.slug
        _check_username(username)
        expires_at = options["expires"]
        if expires_at is not None and expires_at <= timezone.now():
            raise CommandError(f"{expires_at.isoformat()} is past: the key would open nothing.")
        key, secret = issue_api_key(
            organization=shop.organization,
            username=username,
            grants={None if options["all_shops"] else shop: Role(options["role"])},
            expires_at=expires_at,
        )
        where = f"every shop of “{shop.organization}”" if options["all_shops"] else shop.slug
        until = f" until {expires_at.isoformat()}" if expires_at else ""
        self.stdout.write(
            f"Username {key.username}, {options['role']} in {where}{until}. "
            "This is the key; nobody can show it again:"
        )
        self.stdout.write(secret)


def _check_username(username: str) -> None:
    """HTTP Basic ends the username at the first colon; the rest is for people's terminals."""
    longest = ApiKey._meta.get_field("username").max_length or 0
    if ":" in username or not username.isprintable() or len(username) > longest:
        raise CommandError(
            f"A username has at most {longest} characters, all of them printable, and no colon."
        )


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)
