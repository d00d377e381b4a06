"""A form that refuses to overwrite what somebody else wrote since the page was opened."""

from typing import Any

from django import forms


class SeenForm(forms.ModelForm):  # type: ignore[type-arg]
    """`seen` carries the version that the page showed; the row is locked while it is compared."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.version()

    def version(self) -> str:
        """Different after every change that this form could overwrite."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("seen") != self.version():
            raise forms.ValidationError(
                "This was changed after you opened the page, so nothing was saved. "
                "Open the page again and repeat your change.",
                code="changed_meanwhile",
            )
        return cleaned

    def changed_names(self) -> list[str]:
        return [name for name in self.changed_data if name != "seen"]
