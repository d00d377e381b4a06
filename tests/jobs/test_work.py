import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from events.models import Event
from jobs.kinds import Batch, Result
from jobs.models import Job, JobRow, JobState, Outcome
from jobs.services import forget_old_jobs, start_job, stop_job
from jobs.work import LEASE, work_off
from orders.models import Order
from orders.services import cancel_order
from tests.factories import make_shop, place

pytestmark = pytest.mark.django_db


class Numbers:
    """Goes through the numbers 1 … `upto`, five at a time; every third is refused."""

    def count(self, job):
        return job.asked["upto"]

    def work(self, job, place):
        first = int(place or 1)
        last = min(first + 4, job.asked["upto"])
        results = [
            Result(
                subject=str(number),
                outcome=Outcome.FAILED if number % 3 == 0 else Outcome.DONE,
                message="no" if number % 3 == 0 else "",
            )
            for number in range(first, last + 1)
        ]
        return Batch(results=results, place=str(last + 1) if last < job.asked["upto"] else "")


class Broken(Numbers):
    def work(self, job, place):
        if place:
            raise RuntimeError("the disk is gone")
        return super().work(job, place)


KINDS = {"numbers": Numbers(), "broken": Broken()}


def test_every_row_is_accounted_for():
    job = start_job(make_shop(), kind="numbers", asked={"upto": 12})

    left = work_off(KINDS, seconds=10)

    job.refresh_from_db()
    assert left is False
    assert (job.state, job.total, job.done, job.failed) == (JobState.DONE, 12, 8, 4)
    assert [row.subject for row in job.rows.all()] == [str(n) for n in range(1, 13)]
    assert {row.message for row in job.rows.filter(outcome=Outcome.FAILED)} == {"no"}


def test_what_is_not_done_in_time_goes_on_later():
    job = start_job(make_shop(), kind="numbers", asked={"upto": 12})

    left = work_off(KINDS, seconds=0)
    work_off(KINDS, seconds=10)

    job.refresh_from_db()
    assert left is True
    assert job.handled == 12


def test_a_stopped_job_keeps_what_was_done():
    shop = make_shop()
    job = start_job(shop, kind="numbers", asked={"upto": 12})

    stopped = stop_job(job)
    work_off(KINDS, seconds=10)

    job.refresh_from_db()
    assert stopped.state == job.state == JobState.STOPPED
    assert job.handled == 0
    assert stop_job(job).ended_at == stopped.ended_at


def test_what_breaks_undoes_its_batch_and_says_why():
    job = start_job(make_shop(), kind="broken", asked={"upto": 12})
    other = start_job(make_shop(), kind="numbers", asked={"upto": 3})

    work_off(KINDS, seconds=10)

    job.refresh_from_db()
    other.refresh_from_db()
    assert (job.state, job.handled, job.rows.count()) == (JobState.BROKEN, 5, 5)
    assert job.trouble == "RuntimeError: the disk is gone"
    assert other.state == JobState.DONE


def test_a_kind_that_nobody_knows_any_more_breaks_off():
    job = start_job(make_shop(), kind="gone", asked={})

    work_off(KINDS, seconds=10)

    job.refresh_from_db()
    assert job.state == JobState.BROKEN


def test_the_job_of_a_worker_that_died_is_taken_over_after_its_lease():
    job = start_job(make_shop(), kind="numbers", asked={"upto": 3})
    Job.objects.update(leased_until=timezone.now() + LEASE)

    assert work_off(KINDS, seconds=10) is False
    assert JobRow.objects.count() == 0
    Job.objects.update(leased_until=timezone.now())
    work_off(KINDS, seconds=10)

    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_old_jobs_are_forgotten_with_their_rows():
    job = start_job(make_shop(), kind="numbers", asked={"upto": 3})
    work_off(KINDS, seconds=10)
    Job.objects.update(ended_at="2001-01-01T00:00:00Z")

    assert forget_old_jobs() == 1
    assert not JobRow.objects.filter(job_id=job.id).exists()


class Cancelling:
    def count(self, job):
        return len(job.asked["ids"])

    def work(self, job, place):
        at = int(place or 0)
        order = Order.objects.of(job.shop).get(id=job.asked["ids"][at])
        order.shop = job.shop
        cancel_order(order)
        is_last = at + 1 == len(job.asked["ids"])
        return Batch(
            results=[Result(subject=order.order_number)], place="" if is_last else str(at + 1)
        )


@pytest.mark.django_db(transaction=True)
def test_many_workers_do_everything_once():
    shop = make_shop()
    jobs = [
        start_job(shop, kind="cancel", asked={"ids": [str(place(shop).id) for _ in range(5)]})
        for _ in range(3)
    ]

    def work(_):
        try:
            while work_off({"cancel": Cancelling()}, seconds=0.05):
                pass
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    work(None)

    assert {Job.objects.get(id=job.id).done for job in jobs} == {5}
    assert Event.objects.of(shop).filter(ref="orders/cancelled").count() == 15


DYING = """
import os, sys, django
django.setup()
from jobs.work import work_off
from tests.jobs.test_work import Numbers

class Dying(Numbers):
    def work(self, job, place):
        batch = super().work(job, place)
        if place == "6":
            print("in the middle", flush=True)
            os.read(0, 1)
        return batch

work_off({"numbers": Dying()}, seconds=60)
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_repeats_nothing_and_leaves_nothing_out():
    job = start_job(make_shop(), kind="numbers", asked={"upto": 12})
    named = {"DATABASE_URL": _database_url(), "DJANGO_SETTINGS_MODULE": "karla_portal.settings"}
    worker = subprocess.Popen(
        [sys.executable, "-c", DYING],
        env={**os.environ, **named},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    worker.stdout.readline()
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdin.close()
    worker.stdout.close()

    Job.objects.update(leased_until=None)
    until = time.monotonic() + 10  # PostgreSQL has to notice that the worker is gone
    while Job.objects.running().exists() and time.monotonic() < until:
        work_off(KINDS, seconds=10)

    assert [row.position for row in job.rows.all()] == list(range(1, 13))


def _database_url():
    settings = connection.settings_dict
    return f"postgres://{settings['USER']}@/{settings['NAME']}?host={settings['HOST']}"
