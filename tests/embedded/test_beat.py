"""Beat's schedule, where its disk is full or its clock was set back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from karla_portal.beat import Scheduler
from karla_portal.celery import app


@pytest.fixture
def scheduler(tmp_path: Path) -> Scheduler:
    return Scheduler(app=app, schedule_filename=str(tmp_path / "schedule"), lazy=False)


def test_what_ran_in_the_future_is_due_again(scheduler: Scheduler) -> None:
    entry = scheduler.schedule["note alive"]
    entry.last_run_at = datetime.now(UTC) + timedelta(hours=1)
    assert entry.is_due()[1] > 3600

    scheduler.forget_the_future()

    assert entry.is_due()[1] <= 10


def test_a_full_disk_does_not_end_it(scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch) -> None:
    class FullShelf:
        def sync(self) -> None:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(scheduler, "_store", FullShelf())
    scheduler.sync()
