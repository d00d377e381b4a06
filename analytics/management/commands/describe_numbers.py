"""`manage.py describe_numbers`: write the definitions in docs/analytics.md from the catalogue."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analytics.catalogue.document import PATH, written


class Command(BaseCommand):
    help = "Write the definitions of numbers in docs/analytics.md from the catalogue."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail if they are stale")

    def handle(self, *args: Any, **options: Any) -> None:
        page = written()
        if not options["check"]:
            PATH.write_text(page, encoding="utf-8")
        elif PATH.read_text(encoding="utf-8") != page:
            raise CommandError("docs/analytics.md is stale: manage.py describe_numbers")
