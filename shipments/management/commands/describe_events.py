"""`manage.py describe_events`: write docs/events.md from the catalogue, or check that it is so."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shipments.catalogue.document import EVENTS_DOCUMENT, events_document


class Command(BaseCommand):
    help = "Write docs/events.md from the catalogue of events."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="write nothing; exit with 1 if the page is not what the catalogue says",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        document = events_document()
        if not options["check"]:
            EVENTS_DOCUMENT.write_text(document, encoding="utf-8")
            self.stdout.write(f"Wrote {EVENTS_DOCUMENT}.")
        elif not EVENTS_DOCUMENT.exists() or EVENTS_DOCUMENT.read_text("utf-8") != document:
            raise CommandError("docs/events.md is stale. Run: manage.py describe_events")
