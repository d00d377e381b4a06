"""The questions of the claim flows, one form for each step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.answers import Answers
from claims.flows import Need, Offer, Step
from orders.models import ProductRow
from shipments.models import Shipment

LONGEST_TEXT = 2_000


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the forms need to know."""

    answers: Answers
    offer: Offer
    lines: Sequence[ProductRow]


class StepForm(forms.Form):
    """A question; `answer` is what of it is kept."""

    question: Any = ""
    hint: Any = ""

    def __init__(self, asked: Asked, said: Any = None) -> None:
        super().__init__(said, initial=self.initial_of(asked))
        self.asked = asked
        self.ask()

    def initial_of(self, asked: Asked) -> dict[str, Any]:
        return {}

    def ask(self) -> None:
        """Set up the fields."""

    @property
    def answer(self) -> Any:
        return self.cleaned_data["answer"]


def _radios(choices: Sequence[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the answers."),
            "invalid_choice": _("Choose one of the answers."),
        },
    )


class ParcelForm(StepForm):
    question = _("Which parcel is it about?")

    def initial_of(self, asked: Asked) -> dict[str, Any]:
        return {"answer": str(asked.answers.draft.shipment_id or "")}

    def ask(self) -> None:
        choices = [(str(one.id), parcel_name(one)) for one in self.asked.offer.shipments]
        self.fields["answer"] = _radios(choices)


class IssueForm(StepForm):
    def initial_of(self, asked: Asked) -> dict[str, Any]:
        return {"answer": asked.answers.said(Step.ISSUE)}

    def ask(self) -> None:
        plan = self.asked.answers.plan
        self.question = plan.issue_question or ""
        self.fields["answer"] = _radios(plan.issues)


class DropoffForm(StepForm):
    question = _("Had you allowed the carrier to leave parcels without handing them over?")
    hint = _("For example in the garage or in front of the door.")

    def initial_of(self, asked: Asked) -> dict[str, Any]:
        return {"answer": asked.answers.said(Step.DROPOFF)}

    def ask(self) -> None:
        self.fields["answer"] = _radios([("no", _("No")), ("yes", _("Yes"))])


class PreferenceForm(StepForm):
    question = _("What would you like?")
    hint = _("The shop decides; it will keep to your wish if it can.")

    def initial_of(self, asked: Asked) -> dict[str, Any]:
        return {"answer": asked.answers.said(Step.PREFERENCE)}

    def ask(self) -> None:
        words = {"refund": _("My money back"), "reorder": _("The same again, in order")}
        self.fields["answer"] = _radios(
            [(p, words[p]) for p in self.asked.answers.plan.preferences]
        )


class ItemsForm(StepForm):
    question = _("Which products is it about?")
    hint = _("Say how many of each.")

    def ask(self) -> None:
        said = self.asked.answers.said(Step.ITEMS) or {}
        lines = self.asked.lines
        is_only_one = len(lines) == 1 and lines[0].quantity == 1
        for place, line in enumerate(lines):
            counts = [(str(n), str(n)) for n in range(min(line.quantity, 100) + 1)]
            before = said.get(str(place), 1 if is_only_one else 0)
            self.fields[f"item-{place}"] = forms.TypedChoiceField(
                label=line.title or line.sku or gettext("Product without a name"),
                choices=counts,
                coerce=int,
                required=False,
                empty_value=None,
                initial=str(before),
                help_text=line.size,
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and self.asked.lines and not any(said.values()):
            raise forms.ValidationError(_("Choose at least one product."))
        return said

    @property
    def answer(self) -> dict[str, int]:
        chosen = {name.removeprefix("item-"): count for name, count in self.cleaned_data.items()}
        return {place: count for place, count in chosen.items() if count}


class DescriptionForm(StepForm):
    def initial_of(self, asked: Asked) -> dict[str, Any]:
        return {"answer": asked.answers.said(Step.DESCRIPTION)}

    def ask(self) -> None:
        is_needed = self.asked.answers.plan.description == Need.REQUIRED
        self.question = (
            gettext("What should the shop know?")
            if is_needed
            else gettext("Is there anything else that the shop should know?")
        )
        self.hint = "" if is_needed else gettext("You can leave this empty.")
        self.fields["answer"] = forms.CharField(
            required=is_needed,
            max_length=LONGEST_TEXT,
            widget=forms.Textarea(attrs={"rows": 6}),
            error_messages={"required": _("Write a sentence or two.")},
        )


class SignatureForm(StepForm):
    question = _("Sign what you have said")
    hint = _("With your name you say that it is true: the carrier asks for that.")

    def initial_of(self, asked: Asked) -> dict[str, Any]:
        return {"answer": asked.answers.said(Step.SIGNATURE)}

    def ask(self) -> None:
        self.fields["answer"] = forms.CharField(
            label=_("Your first and last name"),
            max_length=100,
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
            error_messages={"required": _("Write your name.")},
        )
        self.fields["drawing"] = forms.CharField(required=False, widget=forms.HiddenInput)


class EmptyForm(StepForm):
    """For steps without fields of their own."""

    @property
    def answer(self) -> Any:
        return True


class PhotosForm(EmptyForm):
    def ask(self) -> None:
        self.question = gettext("Show it in photos")
        is_needed = self.asked.answers.plan.photos == Need.REQUIRED
        self.hint = (
            gettext("One photo at least: all of it, and what is wrong with it.")
            if is_needed
            else gettext("You can leave this out.")
        )


class CheckForm(EmptyForm):
    question = _("Check what you have said, then send it")


FORMS: dict[Step, Callable[..., StepForm]] = {
    Step.PARCEL: ParcelForm,
    Step.ISSUE: IssueForm,
    Step.ITEMS: ItemsForm,
    Step.DROPOFF: DropoffForm,
    Step.PHOTOS: PhotosForm,
    Step.PREFERENCE: PreferenceForm,
    Step.DESCRIPTION: DescriptionForm,
    Step.SIGNATURE: SignatureForm,
    Step.CHECK: CheckForm,
}


def parcel_name(shipment: Shipment) -> str:
    place = shipment.position + 1
    if shipment.tracking_number is None:
        return gettext("Parcel %(place)d, not sent yet") % {"place": place}
    said = {"place": place, "number": shipment.tracking_number}
    return gettext("Parcel %(place)d, number %(number)s") % said
