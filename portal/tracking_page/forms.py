"""What people say of their tracking page's looks and texts."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.colours import ACCENT
from engagement.design import KINDS, MOST_LINKS, Design, Link
from engagement.errors import LogoUnusable
from engagement.logo import Logo, read_logo
from portal.moment_field import MomentField

COLOUR = RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", gettext_lazy("Write a colour as #3f46d6."))
HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")
MOST_HOSTS = 10
MOST_TEXT = 600
TEXTS = {
    "greeting": gettext_lazy("Greeting, above everything (%(language)s)"),
    "help": gettext_lazy("Help, at the foot (%(language)s)"),
}


class ColourField(forms.CharField):
    def __init__(self, **fields: Any) -> None:
        widget = forms.TextInput(attrs={"type": "color"})
        super().__init__(max_length=7, validators=[COLOUR], widget=widget, **fields)


class AddressField(forms.CharField):
    """Of a page, or for mail: nothing that a browser would run."""

    def __init__(self, **fields: Any) -> None:
        super().__init__(max_length=2000, required=False, **fields)

    def clean(self, value: Any) -> str:
        url: str = super().clean(value)
        if url and not _is_address(url):
            said = _("Begin with https://, or with mailto: for an e-mail address.")
            raise forms.ValidationError(said, code="invalid")
        return url


class HostsField(forms.CharField):
    """One a line; of an address, its host."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})

    def clean(self, value: Any) -> list[str]:
        hosts = [_host(line) for line in super().clean(value).split()]
        if wrong := next((host for host in hosts if not HOST.fullmatch(host)), None):
            said = _("“%(host)s” is no name of a host, such as cdn.shop.example.")
            raise forms.ValidationError(said % {"host": wrong}, code="invalid")
        if len(hosts) > MOST_HOSTS:
            said = _("At most %(most)d hosts.")
            raise forms.ValidationError(said % {"most": MOST_HOSTS}, code="too_many")
        return list(dict.fromkeys(hosts))


class DesignForm(forms.Form):
    accent = ColourField(
        label=gettext_lazy("Colour of links, buttons and progress"),
        help_text=gettext_lazy(
            "Where it could not be read on the page’s paper, a darker or lighter tone is used."
        ),
    )
    has_band = forms.BooleanField(label=gettext_lazy("A colour behind the logo"), required=False)
    band = ColourField(label=gettext_lazy("Which one"))
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy(
            "PNG, JPEG, WebP or GIF, at most 2 MB; drawn small and served by us."
        ),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )
    removes_logo = forms.BooleanField(label=gettext_lazy("Show the name instead"), required=False)
    home_url = AddressField(
        label=gettext_lazy("Your shop’s address"),
        help_text=gettext_lazy("Where a click on the logo leads."),
    )
    picture_hosts = HostsField(
        label=gettext_lazy("Hosts of product pictures"),
        required=False,
        help_text=gettext_lazy(
            "One a line. Pictures from there are shown, and their host learns who looks at the "
            "page; without any, products are shown without pictures."
        ),
    )

    def __init__(self, *args: Any, kept: Logo | None = None, **kwargs: Any) -> None:
        """`kept`: the logo that stays if no other is sent."""
        super().__init__(*args, **kwargs)
        self.kept = kept
        for code, language in settings.LANGUAGES:
            for kind in KINDS:
                self.fields[f"{kind}_{code}"] = forms.CharField(
                    label=TEXTS[kind] % {"language": language},
                    required=False,
                    max_length=MOST_TEXT,
                    widget=forms.Textarea(attrs={"rows": 2, "lang": code}),
                )
        for place in range(1, MOST_LINKS + 1):
            self.fields[f"link_{place}_url"] = AddressField(label=_("Address"))
            for code, language in settings.LANGUAGES:
                self.fields[f"link_{place}_{code}"] = forms.CharField(
                    label=_("Words (%(language)s)") % {"language": language},
                    required=False,
                    max_length=60,
                )

    @classmethod
    def of(cls, design: Design) -> "DesignForm":
        initial: dict[str, Any] = {
            "accent": design.accent or ACCENT,
            "has_band": bool(design.band),
            "band": design.band or "#ffffff",
            "home_url": design.home_url,
            "picture_hosts": "\n".join(design.picture_hosts),
        }
        for code, said in design.texts.items():
            initial |= {f"{kind}_{code}": text for kind, text in said.items()}
        for place, link in enumerate(design.links, start=1):
            initial[f"link_{place}_url"] = link.url
            initial |= {f"link_{place}_{code}": label for code, label in link.labels.items()}
        return cls(initial=initial, kept=design.logo)

    def texts(self) -> list[BoundField]:
        return [self[f"{kind}_{code}"] for kind in KINDS for code, _name in settings.LANGUAGES]

    def links(self) -> list[list[BoundField]]:
        """The fields of each link."""
        parts = ["url", *(code for code, _name in settings.LANGUAGES)]
        places = range(1, MOST_LINKS + 1)
        return [[self[f"link_{place}_{part}"] for part in parts] for place in places]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for place in range(1, MOST_LINKS + 1):
            has_words = any(said.get(f"link_{place}_{code}") for code, _name in settings.LANGUAGES)
            if said.get(f"link_{place}_url") and not has_words:
                self.add_error(f"link_{place}_url", _("Say in words where this leads."))
        if said.get("logo"):
            try:
                self.kept = read_logo(said["logo"])
            except LogoUnusable as refusal:
                self.add_error("logo", refusal.message)
        elif said.get("removes_logo"):
            self.kept = None
        return said

    def design(self) -> Design:
        """What a valid form says."""
        said = self.cleaned_data
        codes = [code for code, _name in settings.LANGUAGES]
        links = []
        for place in range(1, MOST_LINKS + 1):
            labels = {code: said[f"link_{place}_{code}"] for code in codes}
            if url := said[f"link_{place}_url"]:
                links.append(Link(url=url, labels={c: text for c, text in labels.items() if text}))
        accent = said["accent"].lower()
        return Design(
            accent="" if accent == ACCENT else accent,
            band=said["band"].lower() if said["has_band"] else "",
            home_url=said["home_url"],
            texts={code: {kind: said[f"{kind}_{code}"] for kind in KINDS} for code in codes},
            links=tuple(links),
            picture_hosts=tuple(said["picture_hosts"]),
            logo=self.kept,
        )


class AnnouncementForm(forms.Form):
    starts_at = MomentField(
        label=gettext_lazy("From"), required=False, help_text=gettext_lazy("Empty is now.")
    )
    ends_at = MomentField(
        label=gettext_lazy("To"),
        required=False,
        help_text=gettext_lazy("Empty is until you remove it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, language in settings.LANGUAGES:
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("Text (%(language)s)") % {"language": language},
                required=False,
                max_length=MOST_TEXT,
                widget=forms.Textarea(attrs={"rows": 2, "lang": code}),
            )
        self.order_fields([f"text_{code}" for code, _name in settings.LANGUAGES])
        first, _name = settings.LANGUAGES[0]
        self.fields[f"text_{first}"].help_text = _("One language is enough.")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.said_texts(said):
            code, _name = settings.LANGUAGES[0]
            self.add_error(f"text_{code}", _("Write the text in one language at least."))
        starts_at, ends_at = said.get("starts_at"), said.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", _("It must end after it begins."))
        return said

    def said_texts(self, said: dict[str, Any]) -> dict[str, str]:
        texts = {code: said.get(f"text_{code}", "") for code, _name in settings.LANGUAGES}
        return {code: text for code, text in texts.items() if text}


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return "@" in parts.path
    return parts.scheme in ("https", "http") and bool(parts.hostname)


def _host(line: str) -> str:
    said = line.strip().lower()
    return said.split("://", 1)[-1].split("/", 1)[0]
