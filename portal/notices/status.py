"""Mails in the status language (docs/design.md)."""

from django.utils.translation import gettext as _

from notices.models import Mail, MailState
from portal.status import Status, Tone

MAIL_TONES: dict[MailState, Tone] = {
    MailState.WAITING: Tone.MOVING,
    MailState.SENDING: Tone.MOVING,
    MailState.SENT: Tone.DELIVERED,
    MailState.FAILED: Tone.FAILED,
    MailState.SKIPPED: Tone.EXPECTED,
    MailState.UNSURE: Tone.ATTENTION,
}


def mail_status(mail: Mail) -> Status:
    state = MailState(mail.state)
    if state is MailState.WAITING and mail.error:
        return Status(tone=Tone.ATTENTION, word=_("Trying again"))
    return Status(tone=MAIL_TONES[state], word=str(state.label), since=mail.finished_at)
