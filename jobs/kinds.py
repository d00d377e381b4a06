"""What a kind of job has to know; the kinds themselves belong to the rooms that offer them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from jobs.models import Job, Outcome


@dataclass(frozen=True, kw_only=True)
class Result:
    """Of one row."""

    subject: str
    outcome: Outcome = Outcome.DONE
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class Batch:
    results: Sequence[Result] = field(default=())
    handled: int = 0
    """Rows that were done beside those, with nothing to say of any."""
    place: str = ""
    """Where the next one begins; empty where nothing is left."""


class Kind(Protocol):
    def count(self, job: Job) -> int:
        """How many rows there are, when the job begins."""
        ...

    def work(self, job: Job, place: str) -> Batch:
        """Do some more, inside a transaction that also keeps what is returned.

        `place` is empty at first. What refuses a single row is its result; what is raised undoes
        the batch and breaks the job off.
        """
        ...
