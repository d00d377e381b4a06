"""What has to be done before the first request: texts, migrations, static files, the demo shop.

One process, because Django takes longer to start than any of it. Prints what `demo` prints, and
everything else to stderr.
"""

import hashlib
import os
import sys
from contextlib import nullcontext, redirect_stdout
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import transaction
from django.db.migrations.recorder import MigrationRecorder

from common.compiled_texts import compile_texts
from common.database_session import session_alias, session_connection
from karla_portal.embedded import environment


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "karla_portal.settings")
    django.setup()
    with redirect_stdout(sys.stderr):
        if settings.IS_CHECKOUT:  # a wheel brings them compiled
            compile_texts(settings.BASE_DIR)
        migrate()
        collect_static_files()
    if environment.is_on("DEMO", default=True):
        call_command("demo")


def migrate() -> None:
    """Apply what is missing; in one transaction where nothing is there yet.

    Django records a migration just after the transaction that applied it: whoever interrupts a
    first start in between would leave a database that says less than it holds.
    """
    is_new = not MigrationRecorder(session_connection()).has_table()
    with transaction.atomic(session_alias()) if is_new else nullcontext():
        call_command("migrate", interactive=False, database=session_alias())


def collect_static_files() -> None:
    """Collect them where one was added, removed or changed since the last time.

    A `STATIC_DIR` was filled when the image was made, and nobody can write to it.
    """
    if os.environ.get("STATIC_DIR"):
        return
    stamp = settings.DATA_DIR / "static.stamp"
    fingerprint = static_fingerprint()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    call_command("collectstatic", interactive=False, clear=True)
    stamp.write_text(fingerprint)


def static_fingerprint() -> str:
    """Changes with any source file's path, size or time of change."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
