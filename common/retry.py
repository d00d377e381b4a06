"""Trying again what lost a race: two clients may write the same thing at the same time."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import connection
from django.db.utils import IntegrityError, InterfaceError, InternalError, OperationalError
from psycopg import errors

Result = TypeVar("Result")

TRIES = 6

_LOST = (errors.DeadlockDetected, errors.SerializationFailure, errors.UniqueViolation)


class Raced(Exception):
    """Somebody else wrote first what this transaction was about to write; start over."""


def may_pass(error: BaseException | None) -> bool:
    """Whether it is no fault of what was asked: later it may well be answered."""
    match error:
        case OperationalError() | InterfaceError() | Raced():
            return True
        case InternalError():  # the server is a copy, or its disk is nearly full
            return isinstance(error.__cause__, errors.ReadOnlySqlTransaction)
    return False


def retried(attempt: Callable[[int], Result]) -> Result:
    """Call `attempt(number of the try, from 0)` until it wins, at most TRIES times.

    Each try must be a transaction of its own; inside another transaction there is one try, and
    whoever opened that one starts over. Waits up to 5, 10, 20 … ms in between.
    """
    if connection.in_atomic_block:
        return attempt(0)
    for number in range(TRIES - 1):
        try:
            return attempt(number)
        except Raced:
            pass
        except (IntegrityError, OperationalError) as error:
            if not isinstance(error.__cause__, _LOST):
                raise
        time.sleep(random.uniform(0, 0.005 * 2**number))
    return attempt(TRIES - 1)
