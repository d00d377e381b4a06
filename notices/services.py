"""What a shop's admins say about notices: on or off, in which words, to whom, once more."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from common.errors import Conflict, Fault, Invalid
from common.ids import new_id
from common.trace import current_trace
from events.nudge import nudge
from notices.addresses import is_deliverable
from notices.groups import NOTICE_GROUPS
from notices.models import Audience, Mail, MailState, Notice, NoticeSettings, NoticeText
from notices.placeholders import placeholders_for
from notices.recipients import MOST_STAFF
from notices.rendering import LONGEST_SUBJECT
from notices.template import fault_of
from shops.models import MOST_STALE_HOURS, Shop

LONGEST_BODY = 10_000


class MailNotAgain(Conflict):
    key = "mail_not_again"


@transaction.atomic
def switch_notice(shop: Shop, *, audience: Audience, group: str, is_on: bool) -> Notice:
    """What happened before it was switched on is told to nobody."""
    _check_group(audience, group)
    rows = Notice.objects.of(shop).select_for_update()
    notice, _made = rows.get_or_create(shop=shop, audience=audience, event_group=group)
    if notice.is_on != is_on:
        notice.is_on = is_on
        notice.on_since = timezone.now() if is_on else None
        notice.updated_at = timezone.now()
        notice.save(update_fields=["is_on", "on_since", "updated_at"])
    return notice


@transaction.atomic
def save_text(
    shop: Shop, *, audience: Audience, group: str, language: str, subject: str, body: str
) -> NoticeText:
    """The shop's own words. Raises Invalid where they name a placeholder that does not exist."""
    _check_group(audience, group)
    check_text(audience=audience, group=group, subject=subject, body=body)
    rows = NoticeText.objects.of(shop).select_for_update()
    text = rows.filter(audience=audience, event_group=group, language=language).first()
    if text is None:
        text = NoticeText(shop=shop, audience=audience, event_group=group, language=language)
    text.subject, text.body, text.updated_at = subject, body, timezone.now()
    text.save()
    return text


def forget_text(shop: Shop, *, audience: Audience, group: str, language: str) -> None:
    """Back to the built-in words."""
    rows = NoticeText.objects.of(shop)
    for text in rows.filter(audience=audience, event_group=group, language=language):
        text.delete()


def check_text(*, audience: Audience, group: str, subject: str, body: str) -> None:
    names = placeholders_for(group, audience).keys()
    faults = []
    for name, said, most in (("subject", subject, LONGEST_SUBJECT), ("body", body, LONGEST_BODY)):
        fault = fault_of(said, names)
        if not said.strip():
            fault = _("Write something.")
        elif len(said) > most:
            fault = _("At most %s characters.") % most
        elif name == "subject" and len(said.splitlines()) > 1:
            fault = _("A subject is one line.")
        if fault:
            faults.append(Fault(loc=(name,), msg=fault, type="value_error"))
    if faults:
        raise Invalid(faults[0].msg, faults)


@transaction.atomic
def save_settings(
    shop: Shop, *, staff_addresses: list[str], reply_to: str, stale_after_hours: int
) -> NoticeSettings:
    faults = []
    if wrong := [one for one in staff_addresses if not is_deliverable(one)]:
        said = _("“%s” is no e-mail address.") % wrong[0]
        faults.append(Fault(loc=("staff_addresses",), msg=said, type="value_error"))
    elif len(staff_addresses) > MOST_STAFF:
        said = _("At most %s addresses.") % MOST_STAFF
        faults.append(Fault(loc=("staff_addresses",), msg=said, type="value_error"))
    if reply_to and not is_deliverable(reply_to):
        said = _("“%s” is no e-mail address.") % reply_to
        faults.append(Fault(loc=("reply_to",), msg=said, type="value_error"))
    if not 1 <= stale_after_hours <= MOST_STALE_HOURS:
        said = _("From 1 to %s hours.") % MOST_STALE_HOURS
        faults.append(Fault(loc=("stale_after_hours",), msg=said, type="value_error"))
    if faults:
        raise Invalid(faults[0].msg, faults)
    shop = Shop.objects.select_for_update().get(id=shop.id)
    if shop.stale_after_hours != stale_after_hours:
        shop.stale_after_hours = stale_after_hours
        shop.save(update_fields=["stale_after_hours"])
    kept = NoticeSettings.objects.of(shop).first() or NoticeSettings(shop=shop)
    kept.staff_addresses, kept.reply_to = list(dict.fromkeys(staff_addresses)), reply_to
    kept.updated_at = timezone.now()
    kept.save()
    return kept


@transaction.atomic
def send_test_mail(
    shop: Shop,
    *,
    audience: Audience,
    group: str,
    language: str,
    recipient: str,
    order_id: UUID | None = None,
    shipment_id: UUID | None = None,
) -> Mail:
    """Queue a mail to whoever wants to see it; about a sample where no order is named."""
    _check_group(audience, group)
    mail = Mail.objects.create(
        id=new_id(),
        shop=shop,
        audience=audience,
        event_group=group,
        about_id=new_id(),
        order_id=order_id,
        shipment_id=shipment_id,
        recipient=recipient,
        language=language,
        request_id=current_trace().request_id,
        is_test=True,
    )
    transaction.on_commit(nudge)
    return mail


@transaction.atomic
def send_again(mail: Mail) -> Mail:
    """A person wants it tried once more: one that failed, or of which nobody knows."""
    mail = Mail.objects.of(mail.shop).select_for_update(of=("self",)).get(id=mail.id)
    if not mail.may_be_sent_again:
        raise MailNotAgain(_("Only a mail that failed, or of which nobody knows, is sent again."))
    now = timezone.now()
    mail.state, mail.attempts, mail.error = MailState.WAITING, 0, ""
    mail.next_attempt_at, mail.queued_at = now, now
    mail.leased_until = mail.finished_at = None
    mail.save()
    transaction.on_commit(nudge)
    return mail


@transaction.atomic
def send_now(mail: Mail) -> bool:
    """One that waits is due at once; off where it does not wait, or a worker has it."""
    transaction.on_commit(nudge)
    return bool(_free(mail).update(next_attempt_at=timezone.now()))


@transaction.atomic
def give_up(mail: Mail) -> bool:
    """One that waits is not sent; off where it does not wait, or a worker has it."""
    said = gettext_noop("Given up by hand.")
    changed = {"state": MailState.FAILED, "error": said, "finished_at": timezone.now()}
    return bool(_free(mail).update(**changed))


def _free(mail: Mail) -> "QuerySet[Mail]":
    now = timezone.now()
    return Mail.objects.filter(
        Q(leased_until=None) | Q(leased_until__lt=now),
        shop_id=mail.shop_id,
        id=mail.id,
        state=MailState.WAITING,
    )


def _check_group(audience: Audience, group: str) -> None:
    known = NOTICE_GROUPS.get(group)
    if known is None or audience not in known.audiences:
        raise Invalid(
            _("%(audience)s are not told of %(group)s.")
            % {
                "audience": audience.label,
                "group": group,
            }
        )
