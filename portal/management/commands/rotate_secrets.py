"""`manage.py rotate_secrets`: encrypt stored secrets anew, under the newest key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.rotation import rotate_secrets


class Command(BaseCommand):
    help = (
        "Encrypt every stored secret under the first of ENCRYPTION_KEYS; afterwards the others may "
        "go. Run it once every process has been started with the new list."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        rotated = rotate_secrets()
        self.stdout.write(f"{rotated.renewed} secrets are now under the newest key.")
        if rotated.lost:
            raise CommandError(
                f"{rotated.lost} secrets are under a key that is not in ENCRYPTION_KEYS; they were "
                "left as they are."
            )
