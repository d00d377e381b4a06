"""`karla-portal`, an installed wheel's command: `run` starts the product, the rest is Django's."""

import sys

from karla_portal import manage, supervisor
from karla_portal.version import VERSION

HELP = """\
karla-portal run               start the whole product; settings are environment variables
karla-portal postgres PROGRAM  run a program of the embedded PostgreSQL, such as pg_dump
karla-portal --version
"""


def main() -> None:
    match sys.argv[1:]:
        case ["run"]:
            supervisor.main()
        case ["run", *_options]:
            sys.exit(HELP)
        case [] | ["help" | "--help" | "-h"]:
            print(HELP)
            manage.main()
        case ["--version" | "version"]:
            print(VERSION)
        case _:
            manage.main()


if __name__ == "__main__":
    main()
