"""What each run came to, told in one table when all are over (tests/faults/conftest.py)."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.faults.traffic import Acknowledged

HEAD = (
    *("run", "outcome", "took", "acknowledged", "not answered", "silence", "lost"),
    *("all told after", "doctor"),
)
NOT_KNOWN = "?"


def _name(test: str) -> str:
    return test.split("::")[-1].split(" ")[0].removeprefix("test_").replace("_", " ")


@dataclass(kw_only=True)
class Account:
    """What is not filled in was not reached."""

    run: str = field(default_factory=lambda: _name(os.environ["PYTEST_CURRENT_TEST"]))
    acknowledged: Acknowledged
    lost: int | None = None
    seconds_to_tell: float | None = None
    """From the end of the traffic until all was relayed and every webhook had heard."""
    doctor: str = NOT_KNOWN

    def cells(self) -> Sequence[str]:
        told = self.seconds_to_tell
        return (
            str(self.acknowledged.answers),
            self.acknowledged.troubles_in_words(),
            f"{self.acknowledged.longest_silence:.1f} s",
            NOT_KNOWN if self.lost is None else str(self.lost),
            NOT_KNOWN if told is None else f"{told:.1f} s",
            self.doctor,
        )


@dataclass
class Run:
    seconds: float = 0.0
    outcome: str = "passed"


ACCOUNTS: list[Account] = []
"""Of this process; `make faults` has one."""
RUNS: dict[str, Run] = {}
"""By name, as they came."""


def note_run(test: str, outcome: str, seconds: float) -> None:
    """Of each part of a test: what comes before, itself, what comes after."""
    run = RUNS.setdefault(_name(test), Run())
    run.seconds += seconds
    if outcome != "passed":
        run.outcome = outcome


def table() -> Iterator[str]:
    rows = [HEAD]
    for name, run in RUNS.items():
        accounts = [account.cells() for account in ACCOUNTS if account.run == name]
        first = (name, run.outcome, f"{run.seconds:.0f} s")
        rows += [(*first, *cells) for cells in accounts or [()]]
    rows = [(*row, *[""] * (len(HEAD) - len(row))) for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
