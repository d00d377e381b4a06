"""What a customer said, question by question, to be checked before it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from claims.answers import Answers, chosen_items
from claims.flows import Offer, Step
from claims.models import ClaimPhoto
from claims.photo_links import FOR_PAGES, photo_path
from claims.telling import dropoff_text, issue_text, preference_text
from orders.models import ProductRow
from tracking.claims_forms import parcel_name


@dataclass(frozen=True, kw_only=True)
class Line:
    label: str
    texts: Sequence[str]
    pictures: Sequence[str] = ()
    step: str = ""
    """Where it is changed."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    photo: ClaimPhoto
    path: str = field(default="")


def shown(photos: Sequence[ClaimPhoto]) -> list[Shown]:
    return [Shown(photo=one, path=photo_path(one, lasting=FOR_PAGES)) for one in photos]


def summarize_draft(answers: Answers, offer: Offer, lines: Sequence[ProductRow]) -> list[Line]:
    """The answers in the order of their steps."""
    found = (_line(step, answers, offer, lines) for step in answers.steps)
    return [line for line in found if line is not None]


def _line(step: Step, answers: Answers, offer: Offer, lines: Sequence[ProductRow]) -> Line | None:
    texts: list[str] = []
    pictures: list[str] = []
    said = answers.said(step)
    match step:
        case Step.CHECK:
            return None
        case Step.PARCEL:
            chosen = answers.draft.shipment_id
            texts = [parcel_name(one) for one in offer.shipments if one.id == chosen]
        case Step.ITEMS:
            texts = [f"{count} × {_name(line)}" for line, count in chosen_items(said or {}, lines)]
        case Step.PHOTOS:
            pictures = [one.path for one in shown(answers.pictures)]
        case Step.SIGNATURE:
            texts = [said]
            pictures = [one.path for one in shown([answers.signature] if answers.signature else [])]
        case _:
            texts = [_answer(step, said, answers)]
    return Line(
        label=LABELS[step](),
        texts=[text for text in texts if text] or ([] if pictures else ["–"]),
        pictures=pictures,
        step=step,
    )


def _answer(step: Step, said: str, answers: Answers) -> str:
    if not said:
        return ""
    match step:
        case Step.ISSUE:
            return issue_text(answers.plan.flow, said)
        case Step.DROPOFF:
            return dropoff_text(said == "yes")
        case Step.PREFERENCE:
            return preference_text(said)
    return said


def _name(line: ProductRow) -> str:
    return line.title or line.sku or _("Product without a name")


LABELS = {
    Step.PARCEL: lambda: _("Parcel"),
    Step.ISSUE: lambda: _("What happened"),
    Step.ITEMS: lambda: _("Products"),
    Step.DROPOFF: lambda: _("May be left somewhere"),
    Step.PHOTOS: lambda: _("Photos"),
    Step.PREFERENCE: lambda: _("Wish"),
    Step.DESCRIPTION: lambda: _("Message"),
    Step.SIGNATURE: lambda: _("Signed by"),
}
