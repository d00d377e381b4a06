"""What each run came to, told in one table when all are over (tests/faults/conftest.py)."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.faults.traffic import Acknowledged

HEAD = ("run", "acknowledged", "not answered", "silence", "lost", "all told after", "doctor")
NOT_KNOWN = "?"


@dataclass(kw_only=True)
class Account:
    """What is not filled in was not reached."""

    run: str = field(
        default_factory=lambda: os.environ["PYTEST_CURRENT_TEST"].split("::")[-1].split(" ")[0]
    )
    acknowledged: Acknowledged
    lost: int | None = None
    seconds_to_tell: float | None = None
    """From the end of the traffic until all was relayed and every webhook had heard."""
    doctor: str = NOT_KNOWN

    def cells(self) -> Sequence[str]:
        told = self.seconds_to_tell
        return (
            self.run.removeprefix("test_"),
            str(self.acknowledged.answers),
            self.acknowledged.troubles_in_words(),
            f"{self.acknowledged.longest_silence:.1f} s",
            NOT_KNOWN if self.lost is None else str(self.lost),
            NOT_KNOWN if told is None else f"{told:.1f} s",
            self.doctor,
        )


ACCOUNTS: list[Account] = []
"""Of this process; `make faults` has one."""


def table() -> Iterator[str]:
    rows = [HEAD, *(account.cells() for account in ACCOUNTS)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
