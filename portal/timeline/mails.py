"""Who was told of it by e-mail, and who was not, and why."""

from datetime import datetime

from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notices.groups import NOTICE_GROUPS
from notices.models import Audience, Mail, MailState
from portal.notices.faults import mail_fault
from portal.status import Tone
from portal.timeline.asked import Asked
from portal.timeline.entries import Entry, Subject, Who
from shops.models import Role


def told_mails(subject: Subject, asked: Asked) -> list[Entry]:
    rows = Mail.objects.of(subject.shop).filter(order_id=subject.order.id, is_test=False)
    if subject.shipment is not None:
        rows = rows.filter(shipment_id=subject.shipment.id)
    timed = rows.defer("text", "html").annotate(at=Coalesce("finished_at", "created_at"))
    return [_entry(subject, mail, mail.at) for mail in asked.take(timed, by="at")]


def _entry(subject: Subject, mail: Mail, at: datetime) -> Entry:
    text, tone = MAIL_SENTENCES[MailState(mail.state)]
    to = _("to the customer") if mail.audience == Audience.CUSTOMERS else _("to staff")
    group = NOTICE_GROUPS.get(mail.event_group)
    recipient = mail.recipient or _("an erased address")
    about = mail.subject or (group.label if group else mail.event_group)
    names = {"slug": subject.shop.slug, "mail_id": mail.id}
    fault = mail_fault(mail.error)
    return Entry(
        at=at,
        id=mail.id,
        text=str(text) % {"to": to, "about": about},
        tone=tone,
        who=Who(actor=_("system"), request_id=mail.request_id),
        detail=f"{recipient}. {fault.words}" if fault else recipient,
        link=reverse("portal:mail", kwargs=names) if subject.role.includes(Role.EDITOR) else "",
    )


MAIL_SENTENCES = {
    MailState.WAITING: (gettext_lazy("E-mail %(to)s waits: “%(about)s”"), Tone.EXPECTED),
    MailState.SENDING: (gettext_lazy("E-mail %(to)s is being sent: “%(about)s”"), Tone.EXPECTED),
    MailState.SENT: (gettext_lazy("E-mail %(to)s: “%(about)s”"), Tone.MOVING),
    MailState.FAILED: (gettext_lazy("E-mail %(to)s failed: “%(about)s”"), Tone.FAILED),
    MailState.SKIPPED: (gettext_lazy("No e-mail %(to)s: “%(about)s”"), Tone.EXPECTED),
    MailState.UNSURE: (
        gettext_lazy("E-mail %(to)s, unclear whether it arrived: “%(about)s”"),
        Tone.ATTENTION,
    ),
}
