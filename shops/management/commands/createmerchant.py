"""`manage.py createmerchant EMAIL --shop SLUG`: lets a person into a shop.

A new person's first password stands alone on the last line of what it prints.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from shops.management.arguments import refusals_as_command_errors, shop_called
from shops.models import Role
from shops.services import add_member, find_or_create_user, make_staff


class Command(BaseCommand):
    help = (
        "Let a person into a shop, or change their role in it. "
        "A new person's first password is printed once, alone on the last line."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="what the person logs in with")
        parser.add_argument("--shop", required=True, metavar="SLUG")
        parser.add_argument(
            "--role", choices=Role.values, default=Role.ADMIN.value, help="default: admin"
        )
        parser.add_argument(
            "--staff", action="store_true", help="also open the back office, with every right"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        shop = shop_called(options["shop"])
        with refusals_as_command_errors(), transaction.atomic():
            user, password = find_or_create_user(options["email"])
            add_member(shop, user, Role(options["role"]))
            if options["staff"]:
                make_staff(user)
        also = ", and staff of the back office" if options["staff"] else ""
        self.stdout.write(f"{user.email} is {options['role']} in {shop.slug}{also}.")
        if password is None:
            self.stdout.write("They have an account already; its password stays as it is.")
        else:
            self.stdout.write("This is the first password; nobody can show it again:")
            self.stdout.write(password)
