from datetime import UTC, datetime, timedelta

import pytest

from webhooks.schedule import RETRIES, next_attempt_at, retry_after

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_retries_come_after_what_the_contract_says_and_then_no_more():
    waits = [next_attempt_at(number, now=NOW, wish=None) - NOW for number in range(9)]

    seconds = [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    assert [wait.total_seconds() for wait in RETRIES] == seconds
    for wait, least in zip(waits, RETRIES, strict=True):
        assert least <= wait <= least * 1.1
    assert next_attempt_at(9, now=NOW, wish=None) is None


def test_what_fails_together_does_not_come_back_together():
    assert len({next_attempt_at(1, now=NOW, wish=None) for _ in range(20)}) > 15


def test_an_endpoint_may_ask_for_more_time_and_not_for_less():
    assert next_attempt_at(0, now=NOW, wish=timedelta(hours=1)) == NOW + timedelta(hours=1)
    assert next_attempt_at(1, now=NOW, wish=timedelta(0)) >= NOW + RETRIES[1]


@pytest.mark.parametrize(
    ("header", "wish"),
    [
        (None, None),
        ("", None),
        ("120", timedelta(minutes=2)),
        (" 0 ", timedelta(0)),
        ("99999999999999999999", timedelta(hours=24)),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("²", None),
        ("Wed, 25 Nov 2026 12:10:00 GMT", timedelta(minutes=10)),
        ("Wed, 25 Nov 2026 11:00:00 GMT", timedelta(0)),
        ("Wed, 25 Nov 2099 11:00:00 GMT", timedelta(hours=24)),
        ("Wed, 99 Nov 2026 12:10:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_at_most_a_day(header, wish):
    assert retry_after(header, now=NOW) == wish
