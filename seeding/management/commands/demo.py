"""`manage.py demo`: the demo shop, made the first time, and how to get in, said every time."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from seeding.banner import banner
from seeding.demo import Demo, load_demo


class Command(BaseCommand):
    help = (
        "Make the demo shop in a fresh database, and print where the portal is and how to get in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        either = parser.add_mutually_exclusive_group()
        either.add_argument("--load", action="store_true", help="print nothing")
        either.add_argument("--print", action="store_true", help="make nothing")
        parser.add_argument("--no-orders", action="store_true", help="leave the shop empty")

    def handle(self, *args: Any, **options: Any) -> None:
        demo = Demo.KEPT
        if not options["print"]:
            demo = load_demo(with_orders=not options["no_orders"])
        if not options["load"]:
            self.stdout.write(banner(demo))
