"""The environment of a program that shall bring its own servers up."""

import os
from pathlib import Path

NAMED_SERVERS = {"DATABASE_URL", "BROKER_URL", "CACHE_URL"}


def surroundings(data_dir: Path, **more: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in NAMED_SERVERS}
    return inherited | {"DATA_DIR": str(data_dir)} | more
