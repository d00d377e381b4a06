"""What the demo shop is opened with: random for each installation, kept in DATA_DIR/demo.json.

Only so can it be printed at every start; nothing else keeps passwords or keys that can be read.
"""

import os
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson
from django.conf import settings


@dataclass(frozen=True, kw_only=True)
class Account:
    email: str
    password: str
    stored_as: str
    """The digest that the password had in the database; another one means that it was changed."""


@dataclass(frozen=True, kw_only=True)
class Credentials:
    database: str
    """Which database they open; see `seeding.demo.database_mark`."""
    staff: Account | None = None
    merchant: Account | None = None
    api_username: str = ""
    api_key: str = ""


def read_credentials() -> Credentials | None:
    """None where the file is missing or cannot be understood."""
    try:
        kept = orjson.loads(_path().read_bytes())
        for name in ("staff", "merchant"):
            kept[name] = Account(**kept[name]) if kept[name] else None
        return Credentials(**kept)
    except (FileNotFoundError, orjson.JSONDecodeError, KeyError, TypeError):
        return None


def keep_credentials(credentials: Credentials) -> None:
    """For the owner's eyes only, and never half written."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(orjson.dumps(asdict(credentials), option=orjson.OPT_INDENT_2))
    draft.replace(path)


def _path() -> Path:
    return Path(settings.DATA_DIR) / "demo.json"
