"""Tables that are cut by time have the pieces that they should, and no others."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from django.db.utils import OperationalError
from django.utils import timezone

from common.partitions import CutTable, out_of_step
from doctor.check import InstallationCheck, Trouble
from engagement.retention import PAGE_ACTIONS, cut_page_actions, page_actions_kept_since
from events.retention import EVENTS, cut_events, events_kept_since
from webhooks.retention import ATTEMPTS, attempts_kept_since, cut_attempts

LATE = timedelta(days=2)
"""So long beat has had to make or drop a piece, which it tries every hour."""

_KEPT_SINCE: dict[CutTable, Callable[[datetime], datetime | None]] = {
    ATTEMPTS: attempts_kept_since,
    EVENTS: events_kept_since,
    PAGE_ACTIONS: page_actions_kept_since,
}


def _out_of_step() -> Iterator[Trouble]:
    now = timezone.now()
    for table, kept_since in _KEPT_SINCE.items():
        [before, after] = (
            out_of_step(table, now=at, kept_since=kept_since(at)) for at in (now - LATE, now)
        )
        for name in (name for name in before if name in after):
            yield Trouble(
                subject=name, label=name, detail=f"should long be made, or gone, of {table.name}"
            )


def _cut(_subjects: Sequence[str]) -> int:
    done, in_use = 0, None
    for cut in (cut_attempts, cut_events, cut_page_actions):
        try:
            done += len(cut())
        except OperationalError as error:
            in_use = error
    if in_use:
        raise in_use
    return done


PIECES = InstallationCheck(
    name="pieces",
    title="Tables that are cut by time have their pieces",
    means="Rows lie where each look at the table finds them, and are not forgotten in their time.",
    advice="Do worker and beat run? Does something hold the table at every full hour, such as a "
    "dump? A month of events also stays while one of them waits for the sender. --mend does now "
    "what beat does.",
    ask=_out_of_step,
    mend=_cut,
)
