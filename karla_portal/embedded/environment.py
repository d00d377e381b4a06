"""What the environment says about where things lie and which servers are somebody else's."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

PROJECT = Path(__file__).resolve().parents[2]
"""The folder of our packages: a checkout, or where a wheel was installed."""
IS_CHECKOUT = (PROJECT / "manage.py").exists()


def data_dir() -> Path:
    """The folder of everything that lasts: `DATA_DIR`, else `.data` beside manage.py, else `.data`
    in the working directory.
    """
    beside = PROJECT if IS_CHECKOUT else Path.cwd()
    return Path(os.environ.get("DATA_DIR") or beside / ".data").resolve()


def metrics_dir() -> Path:
    """Where this machine's processes count: `METRICS_DIR`, else a folder of the data folder."""
    return Path(os.environ.get("METRICS_DIR") or data_dir() / "metrics").resolve()


def static_dir() -> Path:
    """Static files as they are served: `STATIC_DIR`, else a folder of the data folder."""
    return Path(os.environ.get("STATIC_DIR") or data_dir() / "static").resolve()


def host() -> str:
    """The address the web server listens at."""
    return os.environ.get("HOST") or "127.0.0.1"


def port() -> int:
    """The port the web server listens at; 0, which none can be, where `PORT` is no number."""
    said = os.environ.get("PORT") or "8000"
    return int(said) if said.isdecimal() else 0


def is_on(name: str, *, default: bool = False) -> bool:
    """Whether a switch is on; raises ImproperlyConfigured where it says neither on nor off.

    To guess would leave off what somebody meant to switch on, such as the second factor.
    """
    match os.environ.get(name, "").strip().lower():
        case "":
            return default
        case "1" | "true" | "yes" | "on":
            return True
        case "0" | "false" | "no" | "off":
            return False
        case said:
            raise ImproperlyConfigured(f"{name} is {said!r}: it takes 1 or 0, on or off.")


def needs_postgres() -> bool:
    """Whether no `DATABASE_URL` names a PostgreSQL of one's own."""
    return not os.environ.get("DATABASE_URL")


def needs_valkey() -> bool:
    """Whether the broker, the cache or both have no URL of their own."""
    return not (os.environ.get("BROKER_URL") and os.environ.get("CACHE_URL"))


def cores() -> int:
    """How many processes of one kind are worth starting here: 1 to 4."""
    return min(len(os.sched_getaffinity(0)), 4)
