"""`manage.py doctor`: whether everything that must be so is so, what it means if not, and mending.

It only reads, unless it is told to mend, and may run beside the traffic at any time.
"""

import json
import sys
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from tqdm import tqdm

from doctor.checks.catalogue import ALL, OF_INSTALLATION, OF_SHOPS
from doctor.examination import PAUSE, Finding, examine
from doctor.report import as_json, as_text
from shops.management.arguments import shop_called
from shops.models import Shop

NAMES = [check.name for check in ALL]


class Command(BaseCommand):
    help = (
        "Looks for what is not as it must be, in every shop. Ends with 0 if all is well, with 1 if "
        "something is left to do."
    )
    requires_system_checks: list[str] = []  # a broken installation is what it is for

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--shop", metavar="SLUG", help="only this shop, not the installation")
        parser.add_argument(
            "--check", action="append", choices=NAMES, metavar="NAME", help="only this; repeatable"
        )
        parser.add_argument("--list", action="store_true", help="name the checks, and end")
        parser.add_argument("--mend", action="store_true", help="put right what can be, safely")
        parser.add_argument("--json", action="store_true", help="what was found, for programs")
        parser.add_argument(
            "--pause",
            type=float,
            default=PAUSE,
            metavar="SECONDS",
            help=f"before what seemed wrong is looked at again ({PAUSE:.0f})",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            self._list()
            return
        wanted = options["check"] or NAMES
        of_shops = [check for check in OF_SHOPS if check.name in wanted]
        of_installation = [check for check in OF_INSTALLATION if check.name in wanted]
        if options["shop"]:
            if options["check"] and of_installation:
                names = ", ".join(check.name for check in of_installation)
                raise CommandError(f"No shop's, but the installation's: {names}. Leave out --shop.")
            of_installation = []
        shops, unread = _shops(options["shop"]) if of_shops else ([], "")
        with tqdm(
            total=len(of_installation) + len(of_shops) * len(shops),
            file=sys.stderr,
            leave=False,
            disable=options["verbosity"] == 0 or None,
        ) as progress:

            def told(said: str) -> None:
                progress.set_description(said, refresh=False)
                progress.update()

            findings = list(
                examine(
                    shops,
                    of_shops,
                    of_installation,
                    mends=options["mend"],
                    pause=options["pause"],
                    told=told,
                )
            )
        self._tell(findings, as_programs_read_it=options["json"])
        _end_with_one_unless_well(findings, unread)
        if not options["json"]:
            count = len(of_shops) + len(of_installation)
            self.stdout.write(f"All is well: {count} checks, {len(shops):,} shops.")

    def _tell(self, findings: Sequence[Finding], *, as_programs_read_it: bool) -> None:
        if as_programs_read_it:
            self.stdout.write(json.dumps(as_json(findings), indent=2))
        else:
            for line in as_text(findings):
                self.stdout.write(line)

    def _list(self) -> None:
        for check in ALL:
            mends = " (--mend)" if check.mend else ""
            self.stdout.write(f"{check.name:20} {check.title}{mends}")


def _shops(slug: str | None) -> tuple[list[Shop], str]:
    """The one or all of them; none, and why, where the database is down or not migrated."""
    try:
        return [shop_called(slug)] if slug else list(Shop.objects.order_by("slug")), ""
    except DatabaseError as error:
        return [], f"No shop was looked at, for they cannot be read: {error}".strip()


def _end_with_one_unless_well(findings: Sequence[Finding], unread: str) -> None:
    left = sum(len(finding.troubles) for finding in findings)
    cut_off = sum(bool(finding.cut_off) for finding in findings)
    said = [
        *([f"{left:,} things are not as they must be."] if left else []),
        *([f"{cut_off:,} looks were cut off."] if cut_off else []),
        *([unread] if unread else []),
    ]
    if said:
        raise CommandError(" ".join(said), returncode=1)
