"""How a shop's tracking page looks and what it says, in the language of who reads it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from engagement.colours import Palette, palette
from engagement.logo import Logo
from engagement.models import PageDesign
from shops.models import Shop

KINDS = ("greeting", "help")
MOST_LINKS = 6


@dataclass(frozen=True, kw_only=True)
class Link:
    url: str
    labels: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Design:
    """As it is, or as it would be: nothing here is a row."""

    accent: str = ""
    band: str = ""
    home_url: str = ""
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By language, then by KINDS."""
    links: tuple[Link, ...] = ()
    picture_hosts: tuple[str, ...] = ()
    logo: Logo | None = None

    @property
    def palette(self) -> Palette:
        return palette(self.accent, self.band)

    @property
    def digest(self) -> str:
        """Of what the browser loads beside the page: its colours and the logo."""
        seen = f"{self.accent}/{self.band}".encode() + (self.logo.png if self.logo else b"")
        return sha256(seen).hexdigest()[:12]

    def text(self, kind: str, language: str, fallback: str) -> str:
        """In `language`, else in `fallback`, the shop's own."""
        return in_language(
            {code: said.get(kind, "") for code, said in self.texts.items()},
            (
                language,
                fallback,
            ),
        )


def in_language(said: Mapping[str, str], languages: Iterable[str]) -> str:
    """The first that is said in one of the languages, else in any."""
    wanted = [said.get(language, "") for language in languages]
    return next((text for text in (*wanted, *said.values()) if text), "")


def design_of(shop: Shop) -> Design:
    """Of a shop that chose nothing, ours."""
    row = PageDesign.objects.of(shop).first()
    if row is None:
        return Design()
    logo = None
    if row.logo:
        logo = Logo(png=bytes(row.logo), width=row.logo_width, height=row.logo_height)
    return Design(
        accent=row.accent,
        band=row.band,
        home_url=row.home_url,
        texts=row.texts,
        links=tuple(Link(url=link["url"], labels=link["labels"]) for link in row.links),
        picture_hosts=tuple(row.picture_hosts),
        logo=logo,
    )


@transaction.atomic
def save_design(shop: Shop, design: Design) -> PageDesign:
    columns: dict[str, Any] = {
        "accent": design.accent,
        "band": design.band,
        "home_url": design.home_url,
        "texts": dict(design.texts),
        "links": [{"url": link.url, "labels": dict(link.labels)} for link in design.links],
        "picture_hosts": list(design.picture_hosts),
        "logo": design.logo.png if design.logo else None,
        "logo_width": design.logo.width if design.logo else 0,
        "logo_height": design.logo.height if design.logo else 0,
        "updated_at": timezone.now(),
    }
    row, _ = PageDesign.objects.update_or_create(shop=shop, defaults=columns)
    return row
