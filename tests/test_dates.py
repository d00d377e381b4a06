from datetime import UTC, date, datetime

import pytest

from common.dates import format_date, format_datetime

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("pattern", "english", "german"),
    [
        ("d MMM y", "2 Mar 2026", "2. März 2026"),
        ("d", "2", "2."),
        ("EEE d MMM", "Mon 2 Mar", "Mo., 2. März"),
        ("EEEE, d. MMMM", "Monday, 2. March", "Montag, 2. März"),
        ("MMM y", "Mar 2026", "März 2026"),
    ],
)
def test_each_language_writes_a_day_in_its_own_way(pattern, english, german):
    assert format_date(DAY, pattern, locale="en") == english
    assert format_date(DAY, pattern, locale="de") == german


def test_the_time_comes_after_the_day():
    at = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)

    assert format_datetime(at, "EEE d MMM y, HH:mm", locale="de") == "Mo., 2. März 2026, 09:05"
