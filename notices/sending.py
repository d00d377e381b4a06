"""Sending what is due: rendered as things are now, handed over once, and written down."""

import time
from collections.abc import Callable, Collection, Mapping
from itertools import groupby
from uuid import UUID

import structlog
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext_noop

from common.logs.errors import brief
from notices.addresses import address_digest, is_deliverable
from notices.handover import UNREACHABLE, hand_over, message_of
from notices.models import Audience, Mail, MailState, Notice, NoticeText
from notices.queue import claim, mark_as_handed_over, release, settle, tidy, try_again
from notices.recipients import settings_of
from notices.rendering import Frame, Rendered, render_mail
from notices.texts import Text, customers_language, wording
from notices.unsubscribing import unsubscribe_url, unsubscribed
from notices.values import Material, material_of, sample_values, values_of
from shops.models import Shop

FIRST_REST, LONGEST_REST = 10.0, 300.0
"""Seconds in which nothing is tried of a mail server that cannot be reached."""

TIDIED_EVERY = 10.0

SWITCHED_OFF = gettext_noop("The notice was switched off meanwhile.")
UNSUBSCRIBED = gettext_noop("This address wants no e-mails of this shop.")
UNDELIVERABLE = gettext_noop("This is no e-mail address.")
UNWRITABLE = gettext_noop("It could not be written; the log says why.")
ORDER_GONE = gettext_noop("The order is no longer there.")

log = structlog.get_logger()


class MailServerAway(Exception):
    """It cannot be reached, or lets nobody in."""


class MailSender:
    """One conversation with the mail server at a time; several senders share the work."""

    def __init__(self) -> None:
        self._rests = 0
        self._resting_until = 0.0
        self._tidied_at = -TIDIED_EVERY

    def send_due(self, is_over: Callable[[], bool] = lambda: False) -> int:
        """Send what is due until there is no more, or until it `is_over`; how many were sent."""
        now = time.monotonic()
        if now < self._resting_until:
            return 0
        if now - self._tidied_at >= TIDIED_EVERY:
            tidy()
            self._tidied_at = now
        sent = 0
        connection = get_connection()
        try:
            while not is_over() and (mails := claim()):
                sent += _send_batch(connection, mails, is_over)
                self._rests = 0
        except MailServerAway as problem:
            rest = min(FIRST_REST * 2 ** min(self._rests, 10), LONGEST_REST)
            self._rests += 1
            self._resting_until = time.monotonic() + rest
            log.warning(
                "notices.mail_server_away", problem=brief(problem.__cause__ or problem), rest=rest
            )
        finally:
            _close(connection)
        return sent


def _send_batch(
    connection: BaseEmailBackend, mails: list[Mail], is_over: Callable[[], bool]
) -> int:
    """What was taken and not tried is given back, whatever happens."""
    untried, sent = {mail.id: mail for mail in mails}, 0
    problem = ""
    try:
        for _, same in groupby(mails, key=lambda mail: mail.shop_id):
            of_shop = list(same)
            post = _Post(of_shop[0].shop, of_shop)
            for mail in of_shop:
                if is_over():
                    return sent
                sent += post.send(connection, mail)
                del untried[mail.id]
    except MailServerAway as away:
        problem = str(away)
        raise
    finally:
        release(untried.values(), problem)
    return sent


class _Post:
    """The mails of one shop, with all that is needed to write them: read once for all of them."""

    def __init__(self, shop: Shop, mails: Collection[Mail]) -> None:
        self.shop = shop
        self.settings = settings_of(shop)
        self.material: Mapping[UUID, Material] = material_of(shop, mails)
        self.texts = {
            (text.audience, text.event_group, text.language): Text(
                subject=text.subject, body=text.body
            )
            for text in NoticeText.objects.of(shop)
        }
        self.switched_on = {
            (notice.audience, notice.event_group)
            for notice in Notice.objects.of(shop).switched_on()
        }
        digests = {address_digest(shop.id, mail.recipient) for mail in mails}
        self.unsubscribed = unsubscribed(shop, digests)

    def send(self, connection: BaseEmailBackend, mail: Mail) -> bool:
        """Whether it went out."""
        if reason := self._reason_not_to(mail):
            settle(mail, MailState.SKIPPED, reason)
            return False
        try:
            said, is_own_text = self._render(mail)
        except Exception:  # what is wrong with one mail must not stop the others
            log.exception("notices.unwritable", shop=self.shop.slug, mail=str(mail.id))
            settle(mail, MailState.FAILED, UNWRITABLE)
            return False
        _open(connection)
        if not mark_as_handed_over(mail, said, language=mail.language, is_own_text=is_own_text):
            return False
        message = message_of(
            mail,
            said,
            reply_to=self.settings.reply_to,
            unsubscribe_url=unsubscribe_url(self.shop.id, mail.recipient),
            connection=connection,
        )
        verdict = hand_over(connection, message)
        if verdict.is_broken:
            _close(connection)
        log.info(
            "notices.handed_over",
            request_id=mail.request_id,
            shop=self.shop.slug,
            mail=str(mail.id),
            group=mail.event_group,
            state=verdict.state,
        )
        if verdict.state is MailState.WAITING:
            try_again(mail, verdict.error)
        else:
            settle(mail, verdict.state, verdict.error)
        return verdict.state is MailState.SENT

    def _reason_not_to(self, mail: Mail) -> str:
        if not is_deliverable(mail.recipient):
            return UNDELIVERABLE
        if mail.is_test:
            return ""
        if (mail.audience, mail.event_group) not in self.switched_on:
            return SWITCHED_OFF
        if mail.id not in self.material:
            return ORDER_GONE
        if address_digest(self.shop.id, mail.recipient) in self.unsubscribed:
            return UNSUBSCRIBED
        return ""

    def _render(self, mail: Mail) -> tuple[Rendered, bool]:
        material = self.material.get(mail.id)
        mail.language = mail.language or self._language(mail, material)
        words, audience = wording(mail.language), Audience(mail.audience)
        own = self.texts.get((mail.audience, mail.event_group, mail.language))
        text = own or words.texts[audience, mail.event_group]
        values = (
            values_of(self.shop, mail.event_group, material, words)
            if material
            else sample_values(self.shop, mail.event_group, words)
        )
        frame = Frame(
            shop=self.shop,
            wording=words,
            unsubscribe_url=unsubscribe_url(self.shop.id, mail.recipient),
            is_test=mail.is_test or (material is not None and material.order.is_test),
        )
        button = words.button(audience)
        return render_mail(text.subject, text.body, values, frame, button=button), bool(own)

    def _language(self, mail: Mail, material: Material | None) -> str:
        """Staff read the shop's language, customers theirs."""
        if mail.audience == Audience.STAFF or material is None:
            return self.shop.language
        country = material.order.address.get("country_code")
        return customers_language(str(country or ""), self.shop.language)


def _open(connection: BaseEmailBackend) -> None:
    try:
        connection.open()
    except UNREACHABLE as problem:
        raise MailServerAway(f"The mail server cannot be reached: {problem}") from problem


def _close(connection: BaseEmailBackend) -> None:
    """Politely, if it is still there."""
    try:
        connection.close()
    except UNREACHABLE as problem:
        log.info("notices.mail_server_gone", problem=brief(problem))
