"""What people say of a webhook, checked by the same models as what programs say."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.moment_field import MomentField
from webhooks.inbox import INBOX
from webhooks.inputs import MOST_FILTERS
from webhooks.models import Webhook
from webhooks.samples import TEST_EVENTS
from webhooks.subscriptions import EVERYTHING, fault_of


class FiltersField(forms.CharField):
    """`enabled_events`, one a line; empty is everything."""

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})

    def clean(self, value: Any) -> list[str]:
        wanted = super().clean(value).split()
        if len(wanted) > MOST_FILTERS:
            raise forms.ValidationError(
                gettext("At most %d lines.") % MOST_FILTERS, code="too_many"
            )
        for one in wanted:
            if fault := fault_of(one):
                said = {"entry": one, "fault": fault}
                raise forms.ValidationError(
                    gettext("“%(entry)s” %(fault)s.") % said, code="unknown"
                )
        return wanted or [EVERYTHING]


class WebhookForm(forms.Form):
    url = forms.CharField(
        label=_("URL"),
        max_length=2000,
        help_text=_("Starts with https:// and leads to a public address."),
        widget=forms.URLInput(attrs={"placeholder": "https://shop.example/hooks"}),
    )
    to_inbox = forms.BooleanField(
        label=_("To the test inbox instead"),
        required=False,
        help_text=_(
            "No endpoint yet? The webhook’s own page shows what would be sent, with its headers "
            "and whether its signature is right."
        ),
    )
    enabled_events = FiltersField(
        label=_("Events"),
        required=False,
        help_text=_(
            "One a line: * for everything, a group such as shipment_delivered, or how a path "
            "starts, such as claims or shipments/in_delivery. Empty is everything."
        ),
    )
    description = forms.CharField(label=_("Description"), max_length=500, required=False)

    @classmethod
    def of(cls, webhook: Webhook) -> "WebhookForm":
        return cls(
            initial={
                "url": "" if webhook.is_inbox else webhook.url,
                "to_inbox": webhook.is_inbox,
                "enabled_events": "\n".join(webhook.enabled_events),
                "description": webhook.description,
            }
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.pop("to_inbox", False):
            said["url"] = INBOX
            self.errors.pop("url", None)
        return said


class NewWebhookForm(WebhookForm):
    secret = forms.CharField(
        label=_("Secret"),
        required=False,
        min_length=16,
        max_length=64,
        help_text=_("16 to 64 characters; leave it empty, and one is made."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class WindowForm(forms.Form):
    start = MomentField(label=_("From"))
    end = MomentField(label=_("To"), required=False, help_text=_("Empty is now."))
    events = FiltersField(
        label=_("Only these events"),
        required=False,
        help_text=_("As a webhook’s events, to send fewer; empty is all."),
    )
    only_undelivered = forms.BooleanField(
        label=_("Leave out what arrived"), required=False, initial=True
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        start, end = said.get("start"), said.get("end") or timezone.now()
        if start and end <= start:
            self.add_error("end", _("The window must end after it begins."))
        return said


class TestForm(forms.Form):
    event = forms.ChoiceField(
        label=_("Event"), choices=[(path, path) for path in TEST_EVENTS], required=True
    )


class SignatureForm(forms.Form):
    header = forms.CharField(
        label=_("Karla-Signature"),
        max_length=1000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "t=1700000000,v1=…"}),
    )
    secret = forms.CharField(
        label=_("Secret"),
        max_length=64,
        strip=False,
        help_text=_("It is used for this check only, and kept nowhere."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    body = forms.CharField(
        label=_("Raw body"),
        max_length=1_000_000,
        strip=False,
        help_text=_("Byte for byte as it came, before anything parsed it."),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )
