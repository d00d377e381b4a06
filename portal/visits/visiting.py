"""Staff see a shop as one of its members does: to look only, for a while, with a trace.

The visit is a row that names both; the session holds its id and goes on being the staff's own. Its
beginning and its end stand in the shop's audit, with the reason, and so does what was taken in
between: files, and customers' photos.
"""

from datetime import timedelta
from typing import Any

from auditlog.models import LogEntry
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from common.errors import Denied
from portal.models import StaffVisit, VisitEnd
from shops.models import Membership, User

LASTS = timedelta(minutes=30)
SESSION_KEY = "staff_visit"


class VisitRefused(Denied):
    key = "visit_refused"


def may_be_visited() -> "QuerySet[Membership]":
    """Nobody's who may enter the back office: their rights are more than a shop's."""
    return Membership.objects.filter(
        user__is_active=True, user__is_staff=False, user__is_superuser=False
    ).select_related("shop", "user")


@transaction.atomic
def begin_visit(staff: User, membership: Membership, *, reason: str) -> StaffVisit:
    """Raises VisitRefused for who is staff, or no member any more."""
    member = may_be_visited().filter(pk=membership.pk).first()
    if member is None or not staff.is_staff or not staff.is_active:
        raise VisitRefused("The portal can be seen only as a member of a shop who is no staff.")
    now = timezone.now()
    visit = StaffVisit.objects.create(
        shop=member.shop,
        staff=staff,
        member=member.user,
        reason=reason,
        began_at=now,
        until=now + LASTS,
    )
    _tell(visit, LogEntry.Action.CREATE, reason=["", reason], until=["", _minute(visit.until)])
    return visit


@transaction.atomic
def end_visit(visit: StaffVisit, by: VisitEnd) -> None:
    """A second time changes nothing."""
    now = timezone.now()
    rows = StaffVisit.objects.filter(shop=visit.shop, id=visit.id, ended_at=None)
    if rows.update(ended_at=now, ended_by=by):
        _tell(
            visit,
            LogEntry.Action.UPDATE,
            reason=["", visit.reason],
            ended_at=["", _minute(now)],
            ended_by=["", by.value],
        )


def note_download(visit: StaffVisit, file: str) -> None:
    _tell(visit, LogEntry.Action.ACCESS, downloaded=["", file])


def note_photos(visit: StaffVisit, claim: str) -> None:
    """Customers' photos are seen on the claim's page, whose links open them without a session."""
    _tell(visit, LogEntry.Action.ACCESS, photos_of_claim=["", claim])


def end_overdue_visits() -> int:
    """Those whose staff never came back; how many."""
    overdue = StaffVisit.objects.filter(ended_at=None, until__lte=timezone.now())
    visits = list(overdue.select_related("shop", "staff", "member"))
    for visit in visits:
        end_visit(visit, VisitEnd.TIME)
    return len(visits)


def visit_in(session: SessionBase, person: User) -> StaffVisit | None:
    """The one that this session is on, ended or not; of nobody but the staff who began it."""
    if SESSION_KEY not in session:
        return None
    shop_id, visit_id = session[SESSION_KEY]
    visits = StaffVisit.objects.select_related("shop", "staff", "member")
    return visits.filter(shop=shop_id, id=visit_id, staff=person).first()


def keep_in(session: SessionBase, visit: StaffVisit) -> None:
    session[SESSION_KEY] = [str(visit.shop_id), str(visit.id)]


def is_open(visit: StaffVisit) -> bool:
    """Also ended by what changed meanwhile: who became staff, or is no staff any more."""
    return (
        visit.ended_at is None
        and visit.until > timezone.now()
        and visit.staff.is_staff
        and visit.member.is_active
        and not (visit.member.is_staff or visit.member.is_superuser)
    )


def _tell(visit: StaffVisit, action: int, **changes: Any) -> None:
    LogEntry.objects.log_create(
        visit, action=action, changes=changes, actor=visit.staff, actor_email=visit.staff.email
    )


def _minute(moment: Any) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
