"""What happened to a claim, in sentences for people, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.history import CUSTOMER
from claims.models import (
    Claim,
    ClaimEntry,
    ClaimMail,
    ClaimStatus,
    EntryKind,
    Flow,
    Reason,
    RuleDecision,
)
from claims.rules import Unmet
from claims.ruling import RULES
from claims.telling import preference_text
from portal.claims.status import CLAIM_TONES
from portal.status import Tone
from shops.models import Shop

MOST_SHOWN = 500


@dataclass(frozen=True, kw_only=True)
class Told:
    entry: ClaimEntry
    text: str
    tone: Tone
    who: str
    said: str = ""
    """What a person wrote."""
    reasons: Sequence[str] = field(default_factory=list)
    """Why, one sentence for each rule that was asked."""
    note: str = ""


def claim_history(shop: Shop, claim: Claim) -> list[Told]:
    entries = list(ClaimEntry.objects.of(shop).filter(claim=claim)[:MOST_SHOWN])
    mails = {
        mail.entry_id: mail
        for mail in ClaimMail.objects.of(shop).filter(entry_id__in=[one.id for one in entries])
    }
    return [tell(entry, mails.get(entry.id)) for entry in entries]


def tell(entry: ClaimEntry, mail: ClaimMail | None) -> Told:
    kind = EntryKind(entry.kind)
    text, tone = _sentence(kind, entry)
    return Told(
        entry=entry,
        text=text,
        tone=tone,
        who=str(ACTORS.get(entry.actor, entry.actor)),
        said=entry.text if kind in (EntryKind.NOTED, EntryKind.ANSWERED) else "",
        reasons=[_finding(one) for one in entry.details.get("findings", ())],
        note=_mail(mail) if mail else "",
    )


def _sentence(kind: EntryKind, entry: ClaimEntry) -> tuple[str, Tone]:
    match kind:
        case EntryKind.DECIDED:
            status = ClaimStatus(entry.details["status"])
            return str(status.label), CLAIM_TONES[status]
        case EntryKind.CHANGED:
            wish = preference_text(entry.details.get("resolution_preference", ""))
            return _("Wish changed: %s") % (wish or "–"), Tone.EXPECTED
        case EntryKind.ASSIGNED if entry.text:
            return _("Assigned to %s") % entry.text, Tone.EXPECTED
        case EntryKind.ANSWERED:
            to = entry.details.get("to")
            said = _("E-mail to %s") % to if to else _("E-mail to an erased address")
            return said, Tone.MOVING
        case EntryKind.RULED:
            return _ruled(entry)
    words, tone = SENTENCES[kind]
    return str(words), tone


def _ruled(entry: ClaimEntry) -> tuple[str, Tone]:
    if not entry.text:
        return _("No rule decides it"), Tone.EXPECTED
    if entry.details["decision"] == RuleDecision.LEAVE:
        return _("The rule “%s” leaves it to people") % entry.text, Tone.EXPECTED
    return _("The rule “%s” decides") % entry.text, Tone.MOVING


ACTORS = {
    RULES: gettext_lazy("the rules"),
    CUSTOMER: gettext_lazy("the customer"),
    "": gettext_lazy("unknown"),
}
"""Those who are no people or programs with a name of their own."""

SENTENCES = {
    EntryKind.FILED: (gettext_lazy("Claim filed"), Tone.EXPECTED),
    EntryKind.REOPENED: (gettext_lazy("Opened again"), Tone.ATTENTION),
    EntryKind.ASSIGNED: (gettext_lazy("Assigned to nobody"), Tone.EXPECTED),
    EntryKind.NOTED: (gettext_lazy("Note"), Tone.EXPECTED),
    EntryKind.DELETED: (gettext_lazy("Deleted"), Tone.RETURNED),
}


def _finding(finding: dict[str, object]) -> str:
    said = {"rule": finding["rule"]}
    if finding["holds"]:
        decision = RuleDecision(str(finding["decision"])).label
        return _("“%(rule)s” fits: %(decision)s.") % {**said, "decision": decision}
    unmet = finding["unmet"]
    whys = [_why(one) for one in unmet] if isinstance(unmet, list) else []
    return _("“%(rule)s” does not fit: %(why)s.") % {**said, "why": ", ".join(whys)}


def _why(unmet: dict[str, str]) -> str:
    has = unmet["has"]
    match Unmet(unmet["condition"]):
        case Unmet.REASON:
            return _("the reason is %s") % Reason(has).label
        case Unmet.FLOW:
            return _("the flow is %s") % Flow(has).label if has else _("it came by the API")
        case Unmet.AMOUNT_UNKNOWN:
            return _("the amount is not known")
        case Unmet.CURRENCY:
            return _("the order is in %s") % has
        case Unmet.AMOUNT:
            return _("the amount is %s") % has
        case Unmet.CUSTOMER_UNKNOWN:
            return _("the customer is not known")
        case Unmet.TOO_MANY_EARLIER | Unmet.TOO_FEW_EARLIER:
            return _("earlier claims of the customer: %s") % has
        case Unmet.PHOTO:
            return _("there is no photo")


def _mail(mail: ClaimMail) -> str:
    if mail.sent_at:
        return _("Sent.")
    if mail.due_at is None:
        return _("It could not be sent: %s") % mail.trouble
    if mail.trouble:
        return _("It could not be sent so far, and is tried again: %s") % mail.trouble
    return _("It is about to be sent.")
