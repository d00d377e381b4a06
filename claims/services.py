"""Changes of a claim: each locks it, decides, saves, tells and writes it into the history."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.errors import ClaimDecided, ClaimNotFound
from claims.facts import claim_fact
from claims.history import enter
from claims.mails import queue_mail
from claims.models import Claim, ClaimStatus, EntryKind
from claims.selectors import photos_by_claim
from events.services import record
from shops.models import Membership, User


@dataclass(frozen=True, kw_only=True)
class Changed:
    claim: Claim
    is_changed: bool


@transaction.atomic
def update_claim(
    claim: Claim,
    *,
    status: ClaimStatus | None = None,
    resolution_preference: str | None = None,
    answer: str = "",
    actor: str | None = None,
    why: dict[str, Any] | None = None,
) -> Changed:
    """Decide it, take a decision back (`pending`), or change the preference; None leaves it.

    `answer` goes to the customer by e-mail after the commit, if there is an address; `why` stands
    in the history. What is so already is left as it is, answer included. Raises `ClaimDecided`
    where somebody decided otherwise before.
    """
    claim = _locked(claim)
    changed: list[str] = []
    if status is not None and status != claim.status:
        _move(claim, status)
        changed += ["status", "decided_at"]
    if resolution_preference is not None and resolution_preference != claim.resolution_preference:
        claim.resolution_preference = resolution_preference
        changed.append("resolution_preference")
    if not changed:
        return Changed(claim=claim, is_changed=False)
    if answer:
        claim.answer = answer
        changed.append("answer")
    claim.updated_at = timezone.now()
    claim.save(update_fields=[*changed, "updated_at"])
    _tell(claim)
    enter(claim, _kind(claim, changed), details={**_details(claim), **(why or {})}, actor=actor)
    if answer:
        queue_mail(claim, answer, actor=actor)
    return Changed(claim=claim, is_changed=True)


@transaction.atomic
def delete_claim(claim: Claim) -> Claim:
    """It is kept, and neither shown nor counted any more."""
    claim = _locked(claim)
    claim.deleted_at = claim.updated_at = timezone.now()
    claim.save(update_fields=["deleted_at", "updated_at"])
    enter(claim, EntryKind.DELETED)
    return claim


@transaction.atomic
def assign_claim(claim: Claim, person: User | None) -> Claim:
    """To a member of the shop, or to nobody."""
    claim = _locked(claim)
    if claim.assignee_id == (person.id if person else None):
        return claim
    if person is not None and not Membership.objects.filter(shop=claim.shop, user=person).exists():
        raise ClaimNotFound(_("This person is not a member of the shop."))
    claim.assignee = person
    claim.save(update_fields=["assignee"])
    enter(claim, EntryKind.ASSIGNED, text=person.get_full_name() if person else "")
    return claim


@transaction.atomic
def note_on_claim(claim: Claim, text: str) -> None:
    """For colleagues; customers do not see it."""
    enter(_locked(claim), EntryKind.NOTED, text=text)


@transaction.atomic
def answer_claim(claim: Claim, text: str) -> None:
    """Write to the customer without deciding. Raises `AnswerUnsendable`."""
    claim = _locked(claim)
    queue_mail(claim, text, must=True)
    claim.answer = text
    claim.save(update_fields=["answer"])


def _locked(claim: Claim) -> Claim:
    rows = Claim.objects.of(claim.shop).kept().filter(id=claim.id)
    locked = rows.select_for_update().first()
    if locked is None:
        raise ClaimNotFound(_("There is no claim %s in this shop any more.") % claim.id)
    locked.shop = claim.shop
    return locked


def _move(claim: Claim, status: ClaimStatus) -> None:
    if not claim.may_become(status):
        raise ClaimDecided(
            _("The claim is %s; open it again first.") % claim.get_status_display().lower()
        )
    claim.status = status
    claim.decided_at = None if status == ClaimStatus.PENDING else timezone.now()


def _tell(claim: Claim) -> None:
    photos = photos_by_claim(claim.shop, [claim.id]).get(claim.id, [])
    record(claim.shop, [claim_fact(claim, "updated", photos=photos)])


def _kind(claim: Claim, changed: list[str]) -> EntryKind:
    if "status" not in changed:
        return EntryKind.CHANGED
    return EntryKind.REOPENED if claim.is_pending else EntryKind.DECIDED


def _details(claim: Claim) -> dict[str, Any]:
    return {"status": claim.status, "resolution_preference": claim.resolution_preference}
