"""Answers to customers: queued with the change, sent later, kept in the history."""

from datetime import timedelta
from smtplib import SMTPException

import pytest
from django.core import mail
from django.utils import timezone

from claims.errors import AnswerUnsendable
from claims.mails import WAITS, send_mails
from claims.models import ClaimEntry, ClaimMail, EntryKind
from claims.services import answer_claim, update_claim
from tests.factories import fulfil, make_claim, make_shop, place

pytestmark = pytest.mark.django_db


def claim_of(**shop_fields):
    shop = make_shop(name="Lamps", **shop_fields)
    return make_claim(fulfil(shop, place(shop, email_id="jane@example.com"), "T1"))


class Unreachable:
    """A mail server that nobody answers at."""

    def __init__(self, *_, **__) -> None: ...

    def send_messages(self, _messages) -> int:
        raise SMTPException("no answer")


def test_an_answer_goes_out_with_its_decision_and_once():
    claim = claim_of()
    update_claim(claim, status="accepted", answer="We send a new one.")
    update_claim(claim, status="accepted", answer="We send a new one.")

    assert (send_mails(), send_mails()) == (1, 0)

    [sent] = mail.outbox
    assert sent.to == ["jane@example.com"]
    assert sent.subject == f"Your claim for order {claim.order.order_number} at Lamps"
    assert "We send a new one." in sent.body
    assert "Accepted" in sent.body
    assert "/t/" in sent.body
    entry = ClaimEntry.objects.get(kind=EntryKind.ANSWERED)
    assert (entry.text, entry.details) == ("We send a new one.", {"to": "jane@example.com"})
    assert ClaimMail.objects.get().sent_at is not None


def test_the_mail_is_in_the_shops_language():
    answer_claim(claim_of(language="de"), "Wir schauen nach.")
    send_mails()

    [sent] = mail.outbox
    assert sent.subject.startswith("Ihre Reklamation zur Bestellung")


def test_without_an_address_nothing_is_written():
    shop = make_shop()
    claim = make_claim(fulfil(shop, place(shop, email_id=None), "T1"))

    update_claim(claim, status="rejected", answer="No.")
    with pytest.raises(AnswerUnsendable):
        answer_claim(claim, "Hello")

    assert not ClaimMail.objects.exists()
    claim.refresh_from_db()
    assert claim.answer == "No."


def test_a_mail_that_could_not_be_sent_is_tried_again_and_given_up_in_the_end(settings):
    settings.EMAIL_BACKEND = "tests.claims.test_mails.Unreachable"
    answer_claim(claim_of(), "Hello")

    for number in range(len(WAITS) + 1):
        assert send_mails() == 0
        waiting = ClaimMail.objects.get()
        assert (waiting.tries, waiting.trouble) == (number + 1, "no answer")
        assert send_mails() == 0
        assert ClaimMail.objects.get().tries == number + 1
        ClaimMail.objects.filter(due_at__isnull=False).update(
            due_at=timezone.now() - timedelta(seconds=1)
        )

    assert ClaimMail.objects.get().due_at is None


def test_a_line_break_in_what_a_shop_is_called_breaks_no_head():
    shop = make_shop(name="Lamps\nBcc: all@example.com")
    answer_claim(make_claim(fulfil(shop, place(shop, email_id="a@example.com"), "T1")), "Hello")

    assert send_mails() == 1
    assert "\n" not in mail.outbox[0].subject
