"""`karla-portal`, an installed wheel's command: `run` starts the product, the rest is Django's."""

import sys

from karla_portal import manage, supervisor
from karla_portal.version import VERSION


def main() -> None:
    match sys.argv[1:]:
        case ["run"]:
            supervisor.main()
        case ["--version" | "version"]:
            print(VERSION)
        case _:
            manage.main()


if __name__ == "__main__":
    main()
