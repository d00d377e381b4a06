"""Real senders that are killed with -9: whatever they leave, nobody gets a mail twice."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from notices.models import Mail, MailState
from shops.models import Shop
from tests.factories import make_shop
from tests.notices.mail_server import MailServer, accept, serving_mail
from tests.notices.telling import parcel, report, states, switch_on
from webhooks.dispatch import dispatch

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds
MAILS = 40

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@contextmanager
def sender(server: MailServer, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """`manage.py deliver` on the test's database."""
    at = connection.settings_dict
    url = f"postgresql://{at['USER']}@/{at['NAME']}?host={quote(str(at['HOST']), safe='')}"
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(server.port),
    }
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "deliver"],
            cwd=PROJECT,
            env=environment,
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.02)


def queue(shop: Shop, count: int) -> None:
    switch_on(shop, "shipment_out_for_delivery")
    for _ in range(count):
        report(parcel(shop))
    dispatch()


def end_leases() -> None:
    """As if ten minutes had passed."""
    Mail.objects.exclude(leased_until=None).update(leased_until=timezone.now())


def test_killed_while_the_server_has_the_mail_it_is_not_sent_again(settings, tmp_path):
    shop, may_answer = make_shop(), Event()
    queue(shop, 1)
    with serving_mail(settings, MailServer(may_answer=may_answer)) as server:
        with sender(server, tmp_path / "log"):
            until(server.content_came.is_set)
        assert states(shop) == ["sending"]
        may_answer.set()  # it takes the mail, and there is nobody left to hear it
        until(lambda: len(server.accepted) == 1)

        end_leases()
        with sender(server, tmp_path / "log"), sender(server, tmp_path / "log"):
            until(lambda: states(shop) == ["unsure"])

    assert len(server.accepted) == 1


def test_two_senders_that_are_killed_again_and_again_send_nothing_twice(settings, tmp_path):
    shop = make_shop()
    queue(shop, MAILS)

    def slowly(command: str) -> str | None:
        time.sleep(0.02)
        return accept(command)

    with serving_mail(settings, MailServer(answer=slowly)) as server:
        for kill in range(1, 4):
            with sender(server, tmp_path / "log"), sender(server, tmp_path / "log"):
                until(lambda most=kill * MAILS // 5: len(server.accepted) >= most)
            end_leases()
        with sender(server, tmp_path / "log"):
            until(lambda: not {"waiting", "sending"} & set(states(shop)))

    sent = [message["Message-ID"] for message in server.accepted]
    assert len(sent) == len(set(sent))
    known = Mail.objects.of(shop)
    assert known.filter(state=MailState.SENT).count() <= len(sent)
    assert known.filter(state=MailState.UNSURE).count() <= 6  # one in the hands of each
    assert known.filter(state__in=[MailState.SENT, MailState.UNSURE]).count() == MAILS
