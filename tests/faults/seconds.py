"""How long a step of a run took, for docs/faults.md: `make faults ARGS=-rP` shows it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def seconds_told(step: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    print(f"{step}: {time.monotonic() - began:.1f} s")
