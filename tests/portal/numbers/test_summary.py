"""The weekly mail: to whom, when, what it says, and how it is stopped."""

import re
from datetime import UTC, datetime, timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from portal.models import WeeklySummary
from portal.numbers.summary.sending import send_weekly_summaries
from portal.numbers.summary.weeks import week_to_tell
from portal.numbers.summary.wishes import switch_on, token_of, wants_summary
from shops.models import Membership
from tests.factories import make_member, make_shop, place
from tests.portal.pages import member_client, text_of

pytestmark = pytest.mark.django_db

SUNDAY = datetime(2026, 3, 29, 12, tzinfo=UTC)
MONDAY = datetime(2026, 3, 30, 6, tzinfo=UTC)
"""Eight o'clock in Berlin, where the clocks were put forward the day before."""


def wished(**fields):
    """A shop with an order in the week, and a member who asked for the summary."""
    shop = make_shop(timezone="Europe/Berlin", **fields)
    place(shop, order_placed_at="2026-03-25T10:00:00Z", currency=shop.currency)
    person = make_member(shop)
    return shop, person, switch_on(shop, person, now=SUNDAY)


def test_it_is_off_until_somebody_switches_it_on():
    shop = make_shop()
    make_member(shop)

    assert send_weekly_summaries(now=MONDAY) == 0
    assert mail.outbox == []


def test_on_monday_it_tells_the_numbers_of_the_week_once():
    _, person, _ = wished(name="Bergluft")

    sent = [send_weekly_summaries(now=MONDAY + timedelta(hours=hour)) for hour in range(3)]

    [letter] = mail.outbox
    assert sent == [1, 0, 0]
    assert letter.to == [person.email]
    assert letter.subject == "Bergluft: the week of 23 – 29 Mar 2026"
    assert "Orders: 1" in letter.body
    assert "from=2026-03-23&to=2026-03-29" in letter.body
    [(html, kind)] = letter.alternatives
    assert kind == "text/html"
    assert "Delivery success rate" in html


def test_the_next_week_is_told_in_the_next_week():
    wished()

    for weeks in range(3):
        send_weekly_summaries(now=MONDAY + timedelta(weeks=weeks))

    assert [re.search(r"of (.*)", letter.subject)[1] for letter in mail.outbox] == [
        "23 – 29 Mar 2026",
        "30 Mar – 5 Apr 2026",
        "6 – 12 Apr 2026",
    ]


@pytest.mark.parametrize(
    ("zone", "hour", "is_told"),
    [
        ("Europe/Berlin", 4, False),  # six o'clock
        ("Europe/Berlin", 5, True),
        ("America/New_York", 5, False),
        ("America/New_York", 11, True),
        ("Pacific/Auckland", 0, True),
    ],
)
def test_it_comes_at_seven_by_the_shops_clock(zone, hour, is_told):
    shop = make_shop(timezone=zone)

    assert bool(week_to_tell(shop, MONDAY.replace(hour=hour))) is is_told


def test_what_could_not_be_sent_by_wednesday_is_old_news():
    shop = make_shop(timezone="Europe/Berlin")

    assert week_to_tell(shop, MONDAY + timedelta(days=2))
    assert not week_to_tell(shop, MONDAY + timedelta(days=3))


def test_who_switches_it_on_is_told_of_the_week_that_goes_on():
    shop = make_shop(timezone="Europe/Berlin")
    switch_on(shop, make_member(shop), now=MONDAY)

    assert send_weekly_summaries(now=MONDAY + timedelta(hours=1)) == 0
    assert send_weekly_summaries(now=MONDAY + timedelta(weeks=1)) == 1


def test_a_mail_that_the_server_refused_is_tried_again(monkeypatch):
    wished()
    refusals = [SMTPServerDisconnected("gone")]
    send = EmailMultiAlternatives.send

    def refuse_once(letter, *arguments):
        if refusals:
            raise refusals.pop()
        return send(letter, *arguments)

    monkeypatch.setattr(EmailMultiAlternatives, "send", refuse_once)

    assert send_weekly_summaries(now=MONDAY) == 0
    assert send_weekly_summaries(now=MONDAY) == 1
    assert len(mail.outbox) == 1


def test_who_left_the_shop_or_may_not_log_in_is_told_nothing():
    shop, person, _ = wished()
    other = make_member(shop, is_active=False)
    switch_on(shop, other, now=SUNDAY)
    Membership.objects.filter(user=person).delete()

    assert send_weekly_summaries(now=MONDAY) == 0


def test_it_speaks_the_shops_language_and_money():
    shop, _, _ = wished(currency="USD")

    send_weekly_summaries(now=MONDAY)

    assert "$" in mail.outbox[0].body
    assert shop.name in mail.outbox[0].body


def test_it_is_switched_on_and_off_at_home():
    shop = make_shop()
    place(shop)
    client = member_client(shop)
    person = Membership.objects.get(shop=shop).user
    url = f"/shops/{shop.slug}/weekly-summary"

    on = client.post(url, {"wanted": "yes"}, follow=True)
    assert wants_summary(shop, person)
    off = client.post(url, {"wanted": "no"}, follow=True)

    assert f"come to {person.email}" in text_of(on)
    assert "Stop the weekly summary" in text_of(on)
    assert "comes no longer" in text_of(off)
    assert not wants_summary(shop, person)


def test_the_link_in_the_mail_asks_and_then_stops_it(client):
    _, _, summary = wished(name="Bergluft")
    send_weekly_summaries(now=MONDAY)
    [letter] = mail.outbox
    link = re.search(r"http\S+/weekly-summary/\S+", letter.body)[0]
    path = "/" + link.split("/", 3)[3]

    asked = client.get(path)
    assert WeeklySummary.objects.filter(id=summary.id).exists()
    stopped = client.post(path)

    assert "Stop the weekly summary?" in text_of(asked)
    assert "Bergluft" in text_of(asked)
    assert "The weekly summary is off" in text_of(stopped)
    assert not WeeklySummary.objects.filter(id=summary.id).exists()
    assert "The weekly summary is off" in text_of(client.get(path))
    assert letter.extra_headers["List-Unsubscribe"] == f"<{link}>"
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_link_that_is_none_of_ours_stops_nothing(client):
    _, _, summary = wished()

    response = client.post(f"/weekly-summary/{token_of(summary)[:-2]}xx")

    assert response.status_code == 200
    assert WeeklySummary.objects.filter(id=summary.id).exists()
