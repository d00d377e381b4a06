"""Workers and senders answer Prometheus on a port of their own."""

import socket
from collections.abc import Iterator
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

from benchmarks.product import free_port
from common.counters import ATTEMPTS, FROM_THE_START, MAILS, ORDERS, SCANS
from common.scraping import ScrapeServer, answer_scrapes
from intake.wave import Outcome
from notices.models import MailState
from shipments.models import Effect
from tests.embedded.patience import eventually
from tests.metrics.scraping import TOKEN


@pytest.fixture
def port(settings) -> Iterator[int]:
    settings.METRICS_TOKEN, settings.METRICS_PORT = TOKEN, free_port()
    server = answer_scrapes()
    assert server is not None
    eventually(lambda: is_open(settings.METRICS_PORT))
    yield settings.METRICS_PORT
    server.stop()


def is_open(port: int) -> bool:
    try:
        return bool(ask(port))
    except URLError:
        return False


def ask(port: int, path: str = "/metrics", token: str = TOKEN) -> tuple[int, str]:
    asked = Request(f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"Bearer {token}"})
    try:
        with urlopen(asked, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refusal:
        return refusal.code, refusal.read().decode()


def test_counts_are_told_to_who_has_the_token(port: int):
    status, text = ask(port)
    assert status == 200
    assert 'karla_webhook_attempts_total{outcome="failure"}' in text
    assert ask(port, token="another") == (401, "")
    assert ask(port, "/") == (404, "")


def test_who_comes_second_takes_over_when_the_first_ends(settings, monkeypatch):
    monkeypatch.setattr(ScrapeServer, "again_after", 0.01)
    settings.METRICS_TOKEN = TOKEN
    with socket.create_server(("127.0.0.1", 0)) as first:
        settings.METRICS_PORT = first.getsockname()[1]
        server = answer_scrapes()
        assert server is not None
    eventually(lambda: is_open(settings.METRICS_PORT))
    server.stop()


@pytest.mark.parametrize(("port", "token"), [(0, TOKEN), (9464, "")])
def test_without_a_port_or_a_token_nobody_answers(settings, port: int, token: str):
    settings.METRICS_PORT, settings.METRICS_TOKEN = port, token
    assert answer_scrapes() is None


def test_series_begin_with_the_words_that_are_counted():
    mails = {state for state in MailState if state not in (MailState.WAITING, MailState.SENDING)}
    assert set(FROM_THE_START[ORDERS]) == {*Outcome.values, "refused"}
    assert set(FROM_THE_START[SCANS]) == {*Effect.values, "refused"}
    assert set(FROM_THE_START[MAILS]) == {state.value for state in mails}
    assert set(FROM_THE_START[ATTEMPTS]) == {"success", "failure"}
