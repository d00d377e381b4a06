"""What a customer answered so far: read from a draft, and what of it is still missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from claims.flows import PLANS, FlowPlan, Need, Step
from claims.models import ClaimDraft, ClaimPhoto, Flow, PhotoKind
from orders.models import ProductRow


@dataclass(frozen=True, kw_only=True)
class Answers:
    draft: ClaimDraft
    photos: Sequence[ClaimPhoto]
    several_parcels: bool

    @property
    def plan(self) -> FlowPlan:
        return PLANS[Flow(self.draft.flow)]

    @property
    def steps(self) -> list[Step]:
        skipped = set() if self.several_parcels else {Step.PARCEL}
        return [step for step in self.plan.steps if step not in skipped]

    @property
    def pictures(self) -> list[ClaimPhoto]:
        return [photo for photo in self.photos if photo.kind == PhotoKind.PHOTO]

    @property
    def signature(self) -> ClaimPhoto | None:
        """The last one that was made."""
        made = [photo for photo in self.photos if photo.kind == PhotoKind.SIGNATURE]
        return made[-1] if made else None

    def said(self, step: Step) -> Any:
        return self.draft.answers.get(step)

    def is_answered(self, step: Step) -> bool:
        match step:
            case Step.PARCEL:
                return self.draft.shipment_id is not None
            case Step.PHOTOS:
                is_enough = bool(self.pictures) or self.plan.photos != Need.REQUIRED
                return is_enough and step in self.draft.answers
            case Step.CHECK:
                return False
        return step in self.draft.answers

    @property
    def next_step(self) -> Step:
        """The first that is not answered yet; the last one is to check the others."""
        return next(step for step in self.steps if not self.is_answered(step))

    def before(self, step: Step) -> Step | None:
        place = self.steps.index(step)
        return self.steps[place - 1] if place else None


def chosen_items(said: dict[str, int], lines: Sequence[ProductRow]) -> list[tuple[ProductRow, int]]:
    """The lines that were chosen with how many of each; `said` is by place in the list."""
    return [
        (line, min(said[str(place)], line.quantity))
        for place, line in enumerate(lines)
        if said.get(str(place))
    ]


def is_partial(said: dict[str, int], lines: Sequence[ProductRow]) -> bool:
    """Whether anything in the parcel was left out."""
    return any(said.get(str(place), 0) < line.quantity for place, line in enumerate(lines))
