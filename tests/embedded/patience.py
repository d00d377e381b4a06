"""Waiting for another process, no longer than it takes."""

import time
from collections.abc import Callable


def eventually(condition: Callable[[], object], *, within: float = 30) -> None:
    """Return when the condition holds; fail the test when it does not within so many seconds."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, f"not within {within} seconds"
        time.sleep(0.02)
