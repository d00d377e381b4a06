"""Django's command line, with the embedded servers up for the commands that need them."""

import os
import sys
from contextlib import nullcontext

from django.core.management import execute_from_command_line

from karla_portal.embedded import environment
from karla_portal.embedded.postgres_program import run_program
from karla_portal.embedded.server import ServerError
from karla_portal.embedded.services import running

WITHOUT_SERVERS = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "startapp",
    "startproject",
    "texts",
    "version",
}


def needs_servers(arguments: list[str]) -> bool:
    """Whether a command is named that may ask the database or the broker."""
    if not arguments or arguments[0].startswith("-") or {"-h", "--help"} & set(arguments):
        return False
    return arguments[0] not in WITHOUT_SERVERS or any(
        argument.startswith("--database") for argument in arguments
    )


def main() -> None:
    try:
        if sys.argv[1:2] == ["postgres"]:
            sys.exit(run_program(sys.argv[2:]))
        run_command()
    except ServerError as error:
        sys.exit(str(error))


def run_command() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "karla_portal.settings")
    servers = (
        running(
            environment.data_dir(),
            postgres=environment.needs_postgres(),
            valkey=environment.needs_valkey(),
        )
        if needs_servers(sys.argv[1:])
        else nullcontext()
    )
    with servers:
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
