"""How often something may end by itself before starting it again is no remedy."""

import time
from collections import defaultdict, deque

from karla_portal.preconditions import Refused

MOST = 5
WITHIN = 60.0  # seconds


class Restarts:
    def __init__(self) -> None:
        self._at: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=MOST))

    def note(self, name: str, obituary: str) -> None:
        """Raises Refused where it was started again MOST times WITHIN so many seconds."""
        now = time.monotonic()
        earlier = self._at[name]
        if len(earlier) == MOST and now - earlier[0] < WITHIN:
            raise Refused(f"{obituary}\nIt was started again {MOST} times in {WITHIN:.0f} seconds.")
        earlier.append(now)
