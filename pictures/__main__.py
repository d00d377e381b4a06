"""`make pictures`: the pictures of README and docs, of a fresh demo shop, light and dark.

The demo shop is the same everywhere but for its times, so two runs differ in the days they show and
in nothing else. CHROMIUM names the browser, if it is not found by itself.
"""

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "karla_portal.settings"
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="pictures-")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from benchmarks.product import free_port, web_server  # noqa: E402
from karla_portal.embedded.services import running  # noqa: E402
from pictures.taking import take_pictures  # noqa: E402


def main() -> None:
    folder = Path(os.environ["DATA_DIR"])
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.enter_context(running(folder, durable=False))
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("demo", "--load")
        port = free_port()
        stack.enter_context(web_server(port))
        take_pictures(f"http://localhost:{port}")
        connections.close_all()


main()
