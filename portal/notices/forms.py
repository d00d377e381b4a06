"""What admins say of notices."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notices.models import NoticeSettings
from notices.rendering import LONGEST_SUBJECT
from notices.services import LONGEST_BODY
from shops.models import MOST_STALE_HOURS, Shop


class AddressesField(forms.CharField):
    """One a line, or with commas between."""

    widget = forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocomplete": "off"})

    def clean(self, value: Any) -> list[str]:
        return re.split(r"[\s,;]+", super().clean(value).strip()) if value else []


class SettingsForm(forms.Form):
    staff_addresses = AddressesField(
        label=_("Notices to staff go to"),
        required=False,
        help_text=_("E-mail addresses, one a line. Empty: the admins of this shop."),
    )
    reply_to = forms.CharField(
        label=_("Answers of customers go to"),
        required=False,
        max_length=254,
        help_text=_("An e-mail address of yours. Empty: nobody reads answers."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    stale_after_hours = forms.IntegerField(
        label=_("Old news after, in hours"),
        min_value=1,
        max_value=MOST_STALE_HOURS,
        help_text=_(
            "What a carrier reports later than this is kept, and nobody is told: by e-mail or by "
            "webhook."
        ),
    )

    @classmethod
    def of(cls, shop: Shop, kept: NoticeSettings) -> "SettingsForm":
        return cls(
            initial={
                "staff_addresses": "\n".join(kept.staff_addresses),
                "reply_to": kept.reply_to,
                "stale_after_hours": shop.stale_after_hours,
            }
        )


class TextForm(forms.Form):
    subject = forms.CharField(label=_("Subject"), max_length=LONGEST_SUBJECT)
    body = forms.CharField(
        label=_("Body"),
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_(
            "A line whose placeholders have nothing to say is left out. A link alone on its line "
            "is a button."
        ),
    )


class AboutForm(forms.Form):
    """What the preview and the test mail are about."""

    def __init__(self, *args: Any, labels: list[str]) -> None:
        super().__init__(*args)
        examples = [(str(number), label) for number, label in enumerate(labels)]
        self.fields["about"] = forms.ChoiceField(
            label=_("Preview with"), choices=[("", _("A made-up order")), *examples], required=False
        )
