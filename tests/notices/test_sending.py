"""From the queue to a mail server: real conversations, several senders, servers that misbehave."""

import smtplib
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from django.core import mail as outbox
from django.db import connection
from django.utils import timezone

from notices.addresses import address_digest
from notices.models import Audience, Mail, MailState, Notice
from notices.queue import GIVEN_UP_AFTER, INTERRUPTED, LEASE, RETRIES, claim
from notices.retention import forget_old_bodies
from notices.sending import SWITCHED_OFF, UNDELIVERABLE, UNSUBSCRIBED, MailSender
from notices.services import MailNotAgain, save_settings, save_text, send_again, send_test_mail
from notices.unsubscribing import unsubscribe, unsubscribe_token
from orders.models import Order
from orders.tracking_link import tracking_page_url
from shipments.models import Shipment
from shops.models import Shop
from tests.factories import make_shop
from tests.notices.mail_server import MailServer, accept, serving_mail
from tests.notices.telling import ADDRESS, CUSTOMER, parcel, report, states, switch_on
from tests.webhooks.working import work_until
from webhooks.dispatch import dispatch
from webhooks.services import create_webhook

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop() -> Shop:
    return make_shop(name="Linen & Wool")


def out_for_delivery(shop: Shop, **order: object) -> Shipment:
    """Queued, and not sent."""
    if not Notice.objects.of(shop).exists():
        switch_on(shop, "shipment_out_for_delivery")
    shipment = parcel(shop, **order)
    report(shipment)
    dispatch()
    return shipment


def answering(**answers: str | None):
    """A server that says something else to these commands."""
    return lambda command: answers[command] if command in answers else accept(command)


def later() -> None:
    """Whatever waits is due."""
    Mail.objects.filter(state=MailState.WAITING).update(
        next_attempt_at=timezone.now(), leased_until=None
    )


def test_a_mail_goes_out_with_text_html_and_all_its_headers(shop, settings):
    settings.BASE_URL = "https://portal.example"
    settings.DEFAULT_FROM_EMAIL = "Portal <noreply@portal.example>"
    save_settings(shop, staff_addresses=[], reply_to="help@shop.example", stale_after_hours=4)
    shipment = out_for_delivery(shop)

    with serving_mail(settings) as server:
        assert MailSender().send_due() == 1

    [message], [mail] = server.accepted, Mail.objects.all()
    assert server.recipients == [CUSTOMER]
    assert message["To"] == CUSTOMER
    assert message["From"].addresses[0].display_name == "Linen & Wool"
    assert message["From"].addresses[0].addr_spec == "noreply@portal.example"
    assert message["Reply-To"] == "help@shop.example"
    assert message["Subject"] == "Ihr Paket kommt heute"  # the order goes to Germany
    assert message["Message-ID"] == f"<{mail.id}@portal.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    token = unsubscribe_token(shop.id, CUSTOMER)
    link = f"https://portal.example/unsubscribe/{token}"
    assert message["List-Unsubscribe"].strip() == f"<{link}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    page = tracking_page_url(shop.id, shipment.order_id)
    for part in (text, html):
        assert page in part
        assert link in part
        assert "Hallo Ada" in part
    assert "Linen &amp; Wool" in html
    assert (mail.state, mail.attempts, mail.language, mail.is_own_text) == ("sent", 1, "de", False)
    assert mail.text.strip().splitlines()[0] == "Hallo Ada,"
    assert mail.finished_at


def test_the_worker_sends_by_itself_soon_after_the_commit(shop, settings):
    switch_on(shop, "shipment_out_for_delivery")
    shipment = parcel(shop)
    with serving_mail(settings) as server:
        report(shipment)
        work_until(lambda: states(shop) == ["sent"])

    assert server.recipients == [CUSTOMER]


def test_files_and_memory_are_as_good_as_a_server(shop, settings, tmp_path):
    out_for_delivery(shop)
    assert MailSender().send_due() == 1
    assert [message.to for message in outbox.outbox] == [[CUSTOMER]]

    settings.EMAIL_BACKEND = "common.mail_files.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    tmp_path.chmod(0o755)
    out_for_delivery(shop)
    assert MailSender().send_due() == 1
    [written] = tmp_path.iterdir()
    assert [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path, written)] == [0o700, 0o600]
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in written.read_text()
    assert states(shop) == ["sent", "sent"]


def test_many_senders_at_once_send_each_mail_once(shop, settings):
    shops = [shop, make_shop(), make_shop()]
    for one in shops:
        for _ in range(15):
            out_for_delivery(one)
    start = Barrier(4)

    def run(_number: int) -> int:
        try:
            start.wait(10)
            return MailSender().send_due()
        finally:
            connection.close()

    with serving_mail(settings) as server, ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(run, range(4)))

    assert sum(counts) == len(server.accepted) == 45
    assert len({message["Message-ID"] for message in server.accepted}) == 45
    assert {state for one in shops for state in states(one)} == {"sent"}


def test_a_server_that_is_away_loses_nothing_and_counts_no_try(shop, settings):
    with serving_mail(settings) as server:
        port = server.port
    out_for_delivery(shop)
    sender = MailSender()

    assert sender.send_due() == 0
    mail = Mail.objects.get()
    assert (mail.state, mail.attempts, mail.leased_until) == ("waiting", 0, None)
    assert "cannot be reached" in mail.error

    with serving_mail(settings, MailServer(port=port)) as server:
        assert sender.send_due() == 0  # it rests
        assert MailSender().send_due() == 1
    assert states(shop) == ["sent"]
    assert Mail.objects.get().error == ""


def test_a_server_that_is_away_holds_up_no_webhook(receiver, settings):
    from_now_on = Event()
    server = MailServer(answer=answering(), may_answer=from_now_on)
    shop = make_shop()
    create_webhook(shop, url=receiver.url(), enabled_events=["shipments/in_delivery"])
    switch_on(shop, "shipment_out_for_delivery")
    shipments = [parcel(shop) for _ in range(2)]
    with serving_mail(settings, server):
        report(shipments[0])

        def is_stuck_and_goes_on() -> bool:
            if not server.content_came.is_set():
                return False
            if len(receiver.received) < 2 and states(shop) == ["sending"]:
                report(shipments[1])
            is_so = len(receiver.received) >= 2 and "sending" in states(shop)
            if is_so:
                from_now_on.set()
            return is_so

        work_until(is_stuck_and_goes_on)


@pytest.mark.parametrize(
    ("command", "reply", "state"),
    [
        ("RCPT", "550 no such person", MailState.FAILED),
        ("RCPT", "451 greylisted", MailState.WAITING),
        ("MAIL", "554 you are listed", MailState.WAITING),
        ("MAIL", "421 too busy", MailState.WAITING),
        ("DATA", "452 no space", MailState.WAITING),
        (".", "554 looks like spam", MailState.FAILED),
        (".", "451 try later", MailState.WAITING),
        ("MAIL", None, MailState.WAITING),
        ("RCPT", None, MailState.WAITING),
        (".", None, MailState.UNSURE),
    ],
)
def test_what_the_server_says_decides_what_follows(shop, settings, command, reply, state):
    out_for_delivery(shop)
    with serving_mail(settings, MailServer(answer=answering(**{command: reply}))):
        MailSender().send_due()

    mail = Mail.objects.get()
    assert (mail.state, mail.attempts) == (state, 1)
    assert (reply or "broke off").partition(" ")[2] in mail.error
    if state is MailState.WAITING:
        wait = mail.next_attempt_at - timezone.now()
        assert RETRIES[0] - timedelta(seconds=20) < wait <= RETRIES[0]
        later()
        with serving_mail(settings) as server:
            assert MailSender().send_due() == 1
        assert len(server.accepted) == 1


def test_one_refused_mail_holds_up_no_other(shop, settings):
    refused = iter(["550 no such person"])
    for _ in range(3):
        out_for_delivery(shop)

    def answer(command: str) -> str | None:
        return next(refused, "250 fine") if command == "RCPT" else accept(command)

    with serving_mail(settings, MailServer(answer=answer)) as server:
        assert MailSender().send_due() == 2

    assert sorted(states(shop)) == ["failed", "sent", "sent"]
    assert server.connections == 1


def test_after_the_last_retry_it_is_given_up_and_kept(shop, settings):
    out_for_delivery(shop)
    with serving_mail(settings, MailServer(answer=answering(RCPT="451 later"))) as server:
        for _ in range(len(RETRIES) + 3):
            MailSender().send_due()
            later()
        assert not server.accepted

    mail = Mail.objects.get()
    assert (mail.state, mail.attempts) == ("failed", len(RETRIES) + 1)
    send_again(mail)
    with serving_mail(settings) as server:
        assert MailSender().send_due() == 1
    assert Mail.objects.get().state == "sent"
    with pytest.raises(MailNotAgain):
        send_again(mail)


def test_what_waited_for_three_days_is_given_up_and_kept(shop, settings):
    out_for_delivery(shop)
    Mail.objects.update(queued_at=timezone.now() - GIVEN_UP_AFTER - timedelta(minutes=1))

    assert MailSender().send_due() == 0

    assert states(shop) == ["failed"]


def test_a_sender_that_died_before_it_handed_over_is_replaced(shop):
    out_for_delivery(shop)
    assert len(claim()) == 1
    assert MailSender().send_due() == 0  # somebody has it

    Mail.objects.update(leased_until=timezone.now() - timedelta(seconds=1))

    assert MailSender().send_due() == 1
    assert len(outbox.outbox) == 1


def test_a_sender_that_died_in_between_leaves_it_to_a_person(shop):
    out_for_delivery(shop)
    Mail.objects.update(
        state=MailState.SENDING, attempts=1, leased_until=timezone.now() - timedelta(seconds=1)
    )

    assert MailSender().send_due() == 0

    mail = Mail.objects.get()
    assert (mail.state, mail.error) == ("unsure", INTERRUPTED)
    send_again(mail)
    assert MailSender().send_due() == 1


def test_a_mail_in_hand_is_left_alone_for_the_length_of_its_lease(shop):
    out_for_delivery(shop)
    Mail.objects.update(state=MailState.SENDING, leased_until=timezone.now() + LEASE / 2)

    assert MailSender().send_due() == 0

    assert states(shop) == ["sending"]


def test_who_unsubscribed_gets_nothing_and_the_reason_is_kept(shop):
    unsubscribe(shop, address_digest(shop.id, CUSTOMER.upper()))
    out_for_delivery(shop)

    assert MailSender().send_due() == 0

    mail = Mail.objects.get()
    assert (mail.state, mail.error) == ("skipped", UNSUBSCRIBED)
    other = make_shop()
    out_for_delivery(other)
    assert MailSender().send_due() == 1


def test_what_was_switched_off_meanwhile_is_not_sent(shop):
    out_for_delivery(shop)
    Notice.objects.update(is_on=False)

    assert MailSender().send_due() == 0

    assert Mail.objects.get().error == SWITCHED_OFF


def test_the_mail_of_an_order_that_is_gone_is_not_sent(shop):
    out_for_delivery(shop)
    Mail.objects.update(order_id="01890000-0000-7000-8000-000000000000")

    assert MailSender().send_due() == 0

    assert states(shop) == ["skipped"]


@pytest.mark.parametrize(
    "address",
    [
        "ada@x.example, eve@y.example",
        "ada@x.example\nBcc: eve@y.example",
        "ada@x.example\r\nSubject: hi",
        "Ada <ada@x.example>",
        "ada",
        "@x.example",
        f"{'a' * 300}@x.example",
        "ada@x.example\x00",
    ],
)
def test_an_address_that_is_none_gets_nothing(shop, address):
    out_for_delivery(shop)
    Mail.objects.update(recipient=address.replace("\x00", "\x01"))

    assert MailSender().send_due() == 0

    assert Mail.objects.get().error == UNDELIVERABLE
    assert not outbox.outbox


def test_no_header_can_be_smuggled_in_by_an_order_or_a_shop(shop, settings):
    Shop.objects.update(name="Shop\r\nBcc: eve@y.example")
    shop.refresh_from_db()
    switch_on(shop, "shipment_out_for_delivery")
    save_text(
        shop,
        audience=Audience.CUSTOMERS,
        group="shipment_out_for_delivery",
        language="de",
        subject="{first_name} {order_number}",
        body="{greeting}",
    )
    report(parcel(shop, address={**ADDRESS, "name": "Ada\r\nBcc: eve@y.example\r\n\r\nX Lovelace"}))
    Order.objects.update(order_number="1\r\nBcc: eve@y.example")
    dispatch()

    with serving_mail(settings) as server:
        assert MailSender().send_due() == 1

    [message] = server.accepted
    assert message["Bcc"] is None
    assert server.recipients == [CUSTOMER]
    assert message["Subject"] == "1 Bcc: eve@y.example"  # that is no name
    assert "Bcc" in message["From"]


def test_a_text_that_cannot_be_written_stops_no_other_mail(shop):
    first = out_for_delivery(shop)
    out_for_delivery(shop)
    Order.objects.filter(id=first.order_id).update(address=["not an address"])

    assert MailSender().send_due() == 1

    assert sorted(states(shop)) == ["failed", "sent"]


def test_a_test_mail_goes_to_whoever_asked_even_about_nothing(shop):
    send_test_mail(
        shop,
        audience=Audience.CUSTOMERS,
        group="shipment_delivered",
        language="en",
        recipient="me@shop.example",
    )

    assert MailSender().send_due() == 1

    [message] = outbox.outbox
    assert message.to == ["me@shop.example"]
    assert message.subject == "[Test] Your parcel has arrived"


def test_mails_of_a_shop_are_written_with_as_many_queries_for_one_as_for_ten(
    shop, django_assert_num_queries
):
    per_mail = 2  # handed over, and settled
    for count in (1, 10):
        for _ in range(count):
            out_for_delivery(shop)
        # tidied, claimed and read; what they need; claimed once more
        with django_assert_num_queries(2 + 3 + 8 + per_mail * count + 2):
            assert MailSender().send_due() == count


def test_after_30_days_what_a_mail_said_is_forgotten_and_that_it_was_sent_is_not(shop):
    out_for_delivery(shop)
    out_for_delivery(shop)
    MailSender().send_due()
    old = Mail.objects.order_by("id").first()
    Mail.objects.filter(id=old.id).update(created_at=timezone.now() - timedelta(days=30, hours=1))

    assert forget_old_bodies() == 1

    old.refresh_from_db()
    assert (old.text, old.html, old.state, old.recipient) == ("", "", "sent", CUSTOMER)
    assert Mail.objects.exclude(text="").count() == 1


def test_the_server_is_told_nothing_of_what_was_not_marked(shop, settings, monkeypatch):
    """The mark comes before the content: whoever dies after that sends nothing twice."""
    seen = []
    out_for_delivery(shop)

    def sendmail(self: smtplib.SMTP, *arguments: object) -> dict[str, object]:
        seen.extend(states(shop))
        return {}

    monkeypatch.setattr(smtplib.SMTP, "sendmail", sendmail)
    with serving_mail(settings):
        MailSender().send_due()

    assert seen == ["sending"]
