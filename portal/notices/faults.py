"""Why a mail was not sent, in words of people.

A mail keeps one of our own sentences in English, which are translated here, or what the mail
server or the operating system said, which stands beside the words for it.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

_BEGINNINGS: dict[str, str | Promise] = {
    "The mail server cannot be reached": _("The mail server cannot be reached."),
    "The mail server broke off": _("The mail server broke the conversation off."),
    "It cannot be written": _("It cannot be written."),
}


@dataclass(frozen=True, kw_only=True)
class MailFault:
    words: str
    raw: str = ""
    """What a program said; empty where the words say it all."""


def mail_fault(error: str) -> MailFault | None:
    if not error:
        return None
    beginning, _colon, raw = error.partition(": ")
    if beginning == "The mail server said":
        return MailFault(words=gettext("The mail server said: %s") % raw)
    if beginning in _BEGINNINGS:
        return MailFault(words=str(_BEGINNINGS[beginning]), raw=raw)
    return MailFault(words=gettext(error))
