"""`manage.py createshop SLUG`: a new shop, in an organization of its own or in a named one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from shops.management.arguments import refusals_as_command_errors
from shops.models import Shop
from shops.services import create_shop

SETTINGS = ("timezone", "currency", "language")


class Command(BaseCommand):
    help = "Make a shop."

    def add_arguments(self, parser: CommandParser) -> None:
        languages = ", ".join(code for code, _ in Shop._meta.get_field("language").choices or ())
        parser.add_argument("slug", help="stands in every URL of the shop and cannot be changed")
        parser.add_argument("--name", help="how people call it (default: made from the slug)")
        parser.add_argument(
            "--organization",
            default="",
            metavar="NAME",
            help="the organization that owns it, made if need be (default: one of its own)",
        )
        parser.add_argument("--timezone", help="such as Europe/Berlin (the default)")
        parser.add_argument("--currency", help="three letters of ISO 4217 (default: EUR)")
        parser.add_argument("--language", help=f"one of: {languages} (default: en)")

    def handle(self, *args: Any, **options: Any) -> None:
        with refusals_as_command_errors():
            shop = create_shop(
                slug=options["slug"],
                name=options["name"] or options["slug"].replace("-", " ").title(),
                organization=options["organization"],
                **{name: options[name] for name in SETTINGS if options[name]},
            )
        self.stdout.write(
            f"Made the shop “{shop.name}” ({shop.slug}) of the organization “{shop.organization}”: "
            f"{shop.timezone}, {shop.currency}, {shop.language}."
        )
