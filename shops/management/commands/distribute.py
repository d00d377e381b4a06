"""`manage.py distribute`: lay the tables out on a Citus cluster, by shop; nothing on PostgreSQL."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from common.database_session import session_alias, session_connection
from shops.distribution import has_citus, is_distributed, plan, references


class Command(BaseCommand):
    help = (
        "Distribute the tables of shops over a Citus cluster, in one transaction: all of it or "
        "nothing. Does nothing where Citus is not installed or the tables are distributed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="Print the statements; also without Citus."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic(session_alias()), session_connection().cursor() as cursor:
            if options["dry_run"]:
                self.stdout.write(";\n".join(plan(references(cursor))) + ";")
            elif not has_citus(cursor):
                self.stdout.write("Plain PostgreSQL: nothing to distribute.")
            elif is_distributed(cursor):
                self.stdout.write("The tables are distributed already.")
            else:
                cursor.execute("SET LOCAL statement_timeout = 0")
                statements = list(plan(references(cursor)))
                for statement in statements:
                    cursor.execute(statement)
                self.stdout.write(f"Distributed, in {len(statements)} statements.")
