"""Locks between processes, by flock(2): the kernel frees them with their holder, however it ends.

A lock belongs to the open file, not to the process: a child that inherits the descriptor holds the
lock with its parent and keeps it when the parent dies.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the lock meanwhile, waiting for it as long as it takes."""
    descriptor = lock(path, shared=shared)
    try:
        yield
    finally:
        os.close(descriptor)


def lock(path: Path, *, shared: bool = False) -> int:
    """Hold the lock until the descriptor is closed, waiting for it as long as it takes."""
    descriptor = _open(path)
    fcntl.flock(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
    return descriptor


def lock_at_once(path: Path) -> int | None:
    """Hold the lock until the descriptor is closed; None where somebody else holds it."""
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock exclusively."""
    return not _is_free(path, fcntl.LOCK_SH)


def is_shared(path: Path) -> bool:
    """Whether the lock is held by those only who share it."""
    return not _is_free(path, fcntl.LOCK_EX) and _is_free(path, fcntl.LOCK_SH)


def _is_free(path: Path, kind: int) -> bool:
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
