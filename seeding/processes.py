"""Work spread over processes, its results in order. Imports no models: it sets Django up."""

import gc
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TypeVar

import django

Task = TypeVar("Task")
Result = TypeVar("Result")

AHEAD = 3
"""Results of each process that may wait to be taken; so memory stays the same."""


def mapped(
    work: Callable[[Task], Result], tasks: Iterable[Task], *, processes: int
) -> Iterator[Result]:
    """Like `map`, in so many processes of our own; one is the caller's."""
    if processes == 1:
        yield from map(work, tasks)
        return
    waiting: deque[Future[Result]] = deque()
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_set_up)
    try:
        for task in tasks:
            waiting.append(pool.submit(work, task))
            if len(waiting) > processes * AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _set_up() -> None:
    """A process that only makes rows has no garbage worth looking for."""
    Thread(target=_end_with_parent, daemon=True).start()
    django.setup()
    gc.disable()


def _end_with_parent() -> None:
    """A parent that is killed cannot tell its children to go."""
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
