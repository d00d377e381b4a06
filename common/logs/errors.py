"""Errors as the log tells them: what kind, where, and which constraint; never with their messages.

A message repeats what it was about: PostgreSQL's DETAIL lines name the values of a row, a
validator's the text that was sent, a mail server's the address. The place says as much to whoever
mends it.
"""

import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from smtplib import SMTPResponseException
from typing import Any

import psycopg
from structlog.types import EventDict

from common.errors import DomainError

MOST_CAUSES = 5
MOST_OURS, LAST_FRAMES = 12, 4
PACKAGES = "site-packages/"
HERE = Path(__file__).resolve().parents[2]
_OF_THE_SERVER = ("08", "40", "53", "55", "57", "58")
"""Classes of SQLSTATE whose messages are about the server and hold nothing of anybody's rows:
https://www.postgresql.org/docs/current/errcodes-appendix.html"""


def describe_errors(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """`errors`: the one that was raised, then what it was raised from."""
    error = _error_of(line.pop("exc_info", None))
    line.pop("stack_info", None)
    if error is not None:
        line["errors"] = [describe(one) for one in _chain(error)]
    return line


def describe(error: BaseException) -> dict[str, Any]:
    return {"type": _name(error), **_facts(error), "where": _where(error)}


def brief(error: BaseException) -> str:
    """“ConnectionRefusedError errno=111”, for a line about a problem that was expected."""
    said = [f"{name}={value}" for name, value in _facts(error).items()]
    return " ".join([_name(error), *said])


def _where(error: BaseException) -> list[str]:
    """Outermost first: where our code went, and the last steps in that of others."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [one for one in frames[:-LAST_FRAMES] if PACKAGES not in one.filename]
    shown = [*ours[-MOST_OURS:], *frames[-LAST_FRAMES:]]
    return [f"{_shortened(one.filename)}:{one.lineno} {one.name}" for one in shown]


def _facts(error: BaseException) -> dict[str, Any]:
    """What is known of it that nobody sent."""
    match error:
        case psycopg.Error():
            return _facts_of_database(error)
        case DomainError():
            return {"key": error.key}
        case SMTPResponseException():
            return {"code": error.smtp_code}
        case OSError(errno=int()):
            return {"errno": error.errno, "problem": error.strerror}
    return {}


def _facts_of_database(error: psycopg.Error) -> dict[str, Any]:
    diagnosis, state = error.diag, error.sqlstate
    facts = {
        "sqlstate": state,
        "constraint": diagnosis.constraint_name,
        "table": diagnosis.table_name,
        "column": diagnosis.column_name,
    }
    if state and state.startswith(_OF_THE_SERVER):
        facts["problem"] = diagnosis.message_primary
    return {name: value for name, value in facts.items() if value}


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen and len(seen) < MOST_CAUSES:
        seen.add(id(found))
        yield found
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


def _error_of(said: Any) -> BaseException | None:
    if isinstance(said, BaseException):
        return said
    if isinstance(said, tuple):
        return said[1] if len(said) == 3 else None
    return sys.exc_info()[1] if said else None


def _name(error: BaseException) -> str:
    kind = type(error)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def _shortened(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(HERE):
        return str(path.relative_to(HERE))
    return filename.rpartition(PACKAGES)[2]
