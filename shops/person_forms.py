"""Forms for people, who log in with an e-mail address."""

from typing import ClassVar

from django import forms
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.db.models import Model

from shops.models import User


class OwnAddress:
    """An address is one person's, however it is capitalised."""

    def clean_email(self) -> str:
        email: str = User.objects.normalize_email(self.cleaned_data["email"])  # type: ignore[attr-defined]
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():  # type: ignore[attr-defined]
            raise ValidationError("This address is taken.", code="unique")
        return email


class PersonCreationForm(OwnAddress, AdminUserCreationForm):  # type: ignore[type-arg]
    email = forms.EmailField(
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "class": "vTextField"}),
    )

    class Meta:
        model: ClassVar[type[Model]] = User
        fields = ("email", "name")
        field_classes: ClassVar[dict[str, type]] = {}


class PersonChangeForm(OwnAddress, UserChangeForm):  # type: ignore[type-arg]
    class Meta:
        model: ClassVar[type[Model]] = User
        fields = "__all__"
        field_classes: ClassVar[dict[str, type]] = {}
