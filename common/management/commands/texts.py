"""`manage.py texts`: collect the texts that people read into the .po files, or check those."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.compiled_texts import compile_texts, translated_files
from common.texts import new_file, untranslated, updated_file


class Command(BaseCommand):
    help = "Bring every .po file up to date with the sources, and say what is not translated yet."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("app", nargs="?", default="*", help="only this app's; default: all")
        parser.add_argument("--add", metavar="LANGUAGE", help="begin a file for this language")
        parser.add_argument(
            "--check",
            action="store_true",
            help="write nothing; exit with 1 if a file is stale or a text not translated",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["add"]:
            if options["app"] == "*":
                raise CommandError("Say which app's file is to be added.")
            new_file(options["app"], options["add"])
        faults = []
        for path in translated_files(settings.BASE_DIR, options["app"]):
            updated = updated_file(path)
            if updated != path.read_text("utf-8"):
                if options["check"]:
                    faults.append(f"{path} is stale. Run: manage.py texts")
                else:
                    path.write_text(updated, encoding="utf-8")
            faults += [f"{path} has no words for: {text!r}" for text in untranslated(path)]
        if options["check"] and faults:
            raise CommandError("\n".join(faults))
        for fault in faults:
            self.stdout.write(fault)
        compile_texts(settings.BASE_DIR)
