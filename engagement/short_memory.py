"""What a process remembers for a moment, so that it asks the shared cache less often."""

import time
from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class ShortMemory(Generic[Value]):
    """At most so many values, each for so many seconds."""

    def __init__(self, *, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._values: OrderedDict[str, tuple[float, Value]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> Value | None:
        remembered = self._values.get(key)
        if remembered is None or time.monotonic() - remembered[0] > self._seconds:
            return None
        return remembered[1]

    def put(self, key: str, value: Value) -> None:
        with self._lock:
            self._values[key] = time.monotonic(), value
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)

    def forget(self, key: str) -> None:
        with self._lock:
            self._values.pop(key, None)
