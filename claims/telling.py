"""What was said of a claim, line by line, in the language of whoever reads it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from claims.flows import PLANS
from claims.models import Claim, Flow, Preference


@dataclass(frozen=True, kw_only=True)
class Line:
    label: str
    texts: Sequence[str]


def claim_title(claim: Claim) -> str:
    """The flow in the customer's words; the reason where it came by the API."""
    return str(PLANS[Flow(claim.flow)].title) if claim.flow else str(claim.get_reason_display())


def claim_lines(claim: Claim) -> list[Line]:
    items = [
        f"{item.get('quantity', 1)} × {item.get('title') or item.get('sku') or _('Product')}"
        for item in claim.selected_items
    ]
    lines = [
        Line(label=_("What happened"), texts=[issue_text(claim.flow, claim.issue)]),
        Line(label=_("Products"), texts=items),
        Line(label=_("May be left somewhere"), texts=[dropoff_text(claim.dropoff_permission)]),
        Line(label=_("Wish"), texts=[preference_text(claim.resolution_preference)]),
        Line(label=_("Message"), texts=[claim.description]),
        Line(label=_("Signed by"), texts=[claim.signed_by]),
    ]
    return [line for line in lines if any(line.texts)]


def issue_text(flow: str, issue: str) -> str:
    """As it is where the flow does not know it (any more)."""
    plan = PLANS.get(Flow(flow)) if flow else None
    return str(dict(plan.issues).get(issue, issue)) if plan else issue


def preference_text(preference: str) -> str:
    return str(Preference(preference).label) if preference else ""


def dropoff_text(permission: bool | None) -> str:
    if permission is None:
        return ""
    return _("Yes") if permission else _("No")
