"""Forms of the back office in which secrets are written, and never read."""

from typing import Any, cast

from django import forms

from common.errors import Conflict, Invalid
from shipments.feeds.aggregators.connections import check_secret
from shipments.feeds.carriers.connections import check_credentials
from shipments.feeds.carriers.connectors import CONNECTORS, Connector
from shipments.feeds.models import AggregatorConnection, CarrierConnection


class AggregatorConnectionForm(forms.ModelForm):  # type: ignore[type-arg]
    new_secret = forms.CharField(
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "class": "vTextField"}),
        help_text="What the aggregator signs with. Empty: as it was; it is never shown.",
    )

    class Meta:
        model = AggregatorConnection
        fields = ("shop", "aggregator")

    def clean_new_secret(self) -> str:
        secret: str = self.cleaned_data["new_secret"]
        if secret or self.instance._state.adding:
            with_refusals_as_errors(lambda: check_secret(secret))
        return secret


class CarrierConnectionForm(forms.ModelForm):  # type: ignore[type-arg]
    carrier = forms.ChoiceField(choices=[(c.name, c.title) for c in CONNECTORS.values()])
    new_credentials = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        help_text=(
            "One a line, as “client_id = …”. Empty: as they were; they are never shown. Needed: "
            + "; ".join(
                f"{c.title}: {', '.join(f.name for f in c.fields)}" for c in CONNECTORS.values()
            )
        ),
    )

    class Meta:
        model = CarrierConnection
        fields = ("shop", "carrier", "is_active")

    @property
    def connector(self) -> Connector:
        return CONNECTORS[self.cleaned_data.get("carrier") or self.instance.carrier]

    def clean(self) -> dict[str, Any]:
        cleaned = cast("dict[str, Any]", super().clean())
        said = cleaned.get("new_credentials", "")
        is_new = self.instance._state.adding
        if is_new and "carrier" not in cleaned:
            return cleaned
        credentials = dict(_pair(line) for line in said.splitlines() if line.strip())
        if said or is_new:
            try:
                check_credentials(self.connector, credentials)
            except Invalid as refusal:
                for fault in refusal.faults:
                    self.add_error("new_credentials", fault.msg)
        cleaned["new_credentials"] = credentials
        taken = CarrierConnection.objects.filter(
            shop=cleaned.get("shop"), carrier=cleaned.get("carrier")
        )
        if is_new and taken.exists():
            self.add_error("carrier", "This shop is connected to it already.")
        return cleaned


def with_refusals_as_errors(check: Any) -> None:
    try:
        check()
    except (Invalid, Conflict) as refusal:
        raise forms.ValidationError(refusal.message) from refusal


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.partition("=")
    return name.strip(), value.strip()
