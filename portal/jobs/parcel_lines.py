"""Tracking numbers as people paste them: a line for each parcel, of order, number, carrier."""

import csv
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from common.fault_words import fault_words
from portal.sheets.files import delimiter_of
from shipments.carriers import CARRIERS
from shipments.inputs import TrackingInput

MOST_LINES = 1_000
MOST_FAULTS = 10
HEADINGS = ("order_number", "tracking_number")

_REFERENCES = {
    called.casefold(): carrier.reference
    for carrier in CARRIERS.values()
    for called in (carrier.reference, carrier.name)
}


class ParcelLinesForm(forms.Form):
    """Cleaned to a list of trackings, as the API takes them, each with its order's number."""

    parcels = forms.CharField(
        label=gettext_lazy("Tracking numbers"),
        help_text=gettext_lazy(
            "A line for each parcel: order number, tracking number, carrier. Leave the carrier "
            "out, and the number says which."
        ),
        max_length=200_000,
        strip=False,  # lines are counted as they were pasted
        widget=forms.Textarea(
            attrs={
                "rows": 8,
                "spellcheck": "false",
                "autocomplete": "off",
                "placeholder": "order_number,tracking_number,carrier",
            }
        ),
    )

    def clean_parcels(self) -> list[dict[str, str]]:
        text: str = self.cleaned_data["parcels"]
        lines = text.splitlines()
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(_("At most %d lines at a time.") % MOST_LINES)
        parcels, faults = [], []
        for number, cells in enumerate(csv.reader(lines, delimiter=delimiter_of(text)), 1):
            said = [cell.strip() for cell in cells]
            if not any(said) or tuple(said[:2]) == HEADINGS:
                continue
            try:
                parcels.append(_parcel(said))
            except forms.ValidationError as fault:
                faults.append(
                    _("Line %(line)d: %(fault)s") % {"line": number, "fault": fault.message}
                )
        if faults:
            raise forms.ValidationError(faults[:MOST_FAULTS])
        if not parcels:
            raise forms.ValidationError(self.fields["parcels"].error_messages["required"])
        return parcels


def trackings_of(order_number: str, said: dict[str, Any]) -> list[TrackingInput]:
    return [
        TrackingInput.model_validate({key: value for key, value in one.items() if key != "order"})
        for one in said["parcels"]
        if one["order"] == order_number
    ]


def _parcel(cells: list[str]) -> dict[str, str]:
    if not 2 <= len(cells) <= 3 or not all(cells[:2]):
        raise forms.ValidationError(
            _("Write an order number, a tracking number and, if you like, a carrier.")
        )
    parcel = {"tracking_number": cells[1]}
    if called := "".join(cells[2:]):
        reference = _REFERENCES.get(called.casefold())
        if reference is None:
            raise forms.ValidationError(
                _("There is no carrier “%s”: write its name, such as DHL, or leave it out.")
                % called
            )
        parcel["carrier_reference"] = reference
    try:
        TrackingInput.model_validate(parcel)
    except ValidationError as error:
        fault = f"{_('Tracking number')}: {fault_words(error.errors()[0])}"
        raise forms.ValidationError(fault) from error
    return {"order": cells[0], **parcel}
