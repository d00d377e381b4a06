"""Trackings as staff write them: what may be said is what a shop may say (`shipments.inputs`)."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils.translation import gettext_lazy as _

from common.seen_form import SeenForm
from common.wire_form import check_said
from shipments.carriers import CARRIERS
from shipments.inputs import TrackingInput, spelled_plainly
from shipments.models import Shipment

CARRIER_CHOICES = [
    ("", _("Not known")),
    *sorted(((c.reference, c.name) for c in CARRIERS.values()), key=lambda choice: choice[1]),
]
CARRIER_WORDS = {"carrier_reference": dict(CARRIER_CHOICES)}
SAID = ("tracking_company", "tracking_url", "tracking_placed_at", "external_shipment_id")


class AttachTrackingForm(forms.Form):
    """A tracking number for the next expected parcel of an order."""

    tracking_number = forms.CharField(max_length=255)
    carrier_reference = forms.ChoiceField(label="Carrier", choices=CARRIER_CHOICES, required=False)
    tracking_company = forms.CharField(
        max_length=255, required=False, help_text="The carrier in the shop’s own words."
    )
    tracking_url = forms.CharField(
        max_length=2000,
        required=False,
        help_text="Leave it empty for the carrier’s own page.",
        widget=forms.TextInput(attrs={"size": 60}),
    )
    tracking_placed_at = forms.SplitDateTimeField(
        label="Handed over at",
        required=False,
        widget=AdminSplitDateTime,
        help_text="Leave it empty for now.",
    )
    external_shipment_id = forms.CharField(max_length=255, required=False)

    def __init__(self, *args: Any, taken: "set[str]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken = {spelled_plainly(number) for number in taken}
        self.tracking: TrackingInput | None = None

    def clean_tracking_number(self) -> str:
        number: str = self.cleaned_data["tracking_number"]
        if spelled_plainly(number) in self.taken:
            raise forms.ValidationError("The order has this tracking already.", code="taken")
        return number

    def clean(self) -> None:
        if not self.errors:
            said = {name: value for name, value in self.cleaned_data.items() if value}
            self.tracking = check_said(self, TrackingInput, said)


class ShipmentForm(SeenForm):
    carrier_reference = forms.ChoiceField(
        label="Carrier",
        choices=CARRIER_CHOICES,
        required=False,
        help_text="Once you choose it here, what the shop sends no longer changes it.",
    )

    class Meta:
        model = Shipment
        fields = ("carrier_reference", *SAID)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tracking: TrackingInput | None = None
        if "tracking_placed_at" in self.fields:
            self.fields["tracking_placed_at"].required = True
            self.fields["tracking_url"].widget.attrs["class"] = "vURLField"

    def version(self) -> str:
        """A scan changes the shipment alone, an upsert its order as well."""
        changes = (self.instance.order.updated_at, self.instance.updated_at)
        return " ".join(change.isoformat() for change in changes)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not self.instance.is_draft:
            said = {name: cleaned[name] for name in SAID if name in self.changed_names()}
            number = self.instance.tracking_number
            self.tracking = check_said(self, TrackingInput, {**said, "tracking_number": number})
        return cleaned
