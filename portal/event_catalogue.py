"""The catalogue of events to browse: what each name means, and what customers read of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from django_htmx.http import replace_url

from portal.access import ShopRequest, shop_page
from portal.status import FLAG_TONES, PHASE_TONES, Status, Tone
from shipments.catalogue.groups import GROUPS, Group
from shipments.catalogue.meanings import NAMES, Meaning, meaning_of
from shipments.catalogue.texts import LANGUAGES, event_strings, group_about, spoken
from shipments.phases import Direction, Phase
from shops.models import Shop


@dataclass(frozen=True, kw_only=True)
class EventItem:
    """One name, as it is for parcels of one direction, with its texts in one language."""

    meaning: Meaning
    texts: dict[str, str]

    @property
    def phase(self) -> Phase:
        return self.meaning.phase

    @property
    def flag(self) -> Status:
        flag = self.meaning.flag
        return Status(tone=FLAG_TONES.get(flag, PHASE_TONES[self.phase]), word=str(flag.label))

    def has(self, words: list[str]) -> bool:
        """Whether each of the words stands somewhere in its name, groups or texts."""
        meaning = self.meaning
        groups = (meaning.group, *meaning.also_groups)
        where = "\n".join(
            (meaning.name, meaning.name.replace("_", " "), *groups, *self.texts.values())
        )
        where = where.casefold()
        return all(word in where for word in words)


@dataclass(frozen=True, kw_only=True)
class PhaseItem:
    phase: Phase
    tone: Tone
    events: list[EventItem]


@dataclass(frozen=True, kw_only=True)
class GroupItem:
    group: Group
    about: str
    """In the reader's language."""


class CatalogueForm(forms.Form):
    q = forms.CharField(required=False, max_length=200)
    direction = forms.ChoiceField(required=False, choices=Direction.choices)
    language = forms.ChoiceField(required=False, choices=list(LANGUAGES.items()))


class CatalogueFilters:
    """What is asked for; the URL holds all of it."""

    def __init__(self, said: QueryDict, *, language: str) -> None:
        self.form = CatalogueForm(said)
        self.makes_sense = self.form.is_valid()
        self.words = str(said.get("q", "")).replace("\x00", "")
        chosen = self.form.cleaned_data if self.makes_sense else {}
        self.direction = Direction(chosen.get("direction") or Direction.MERCHANT_CUSTOMER)
        self.usual_language = spoken(language)
        self.language: str = chosen.get("language") or self.usual_language

    @cached_property
    def found(self) -> list[EventItem]:
        """In the order of the phases; nothing where the question makes no sense."""
        words = self.words.casefold().split()
        items = self._items() if self.makes_sense else iter(())
        return sorted((item for item in items if item.has(words)), key=_place_of_phase)

    def _items(self) -> Iterator[EventItem]:
        for name in NAMES:
            meaning = meaning_of(name, self.direction)
            if meaning is not None and meaning.direction == self.direction:
                texts = event_strings(name, meaning.phase, self.language)
                yield EventItem(meaning=meaning, texts=texts)

    @property
    def phases(self) -> list[PhaseItem]:
        return [
            PhaseItem(phase=phase, tone=PHASE_TONES[phase], events=list(events))
            for phase, events in groupby(self.found, key=attrgetter("phase"))
        ]

    @property
    def other_languages(self) -> list[tuple[str, str]]:
        return [(code, name) for code, name in LANGUAGES.items() if code != self.language]

    @property
    def query(self) -> str:
        """The query string without what is as it would be anyway."""
        said = {"q": self.words}
        if self.direction != Direction.MERCHANT_CUSTOMER:
            said["direction"] = self.direction
        if self.language != self.usual_language:
            said["language"] = self.language
        return urlencode({name: value for name, value in said.items() if value})


@require_safe
@shop_page()
def event_catalogue(request: ShopRequest, shop: Shop) -> HttpResponse:
    filters = CatalogueFilters(request.GET, language=shop.language)
    context = {
        "filters": filters,
        "phases": filters.phases,
        "count": len(filters.found),
        "directions": Direction,
        "languages": LANGUAGES,
        "groups": [] if filters.words else _groups(get_language() or shop.language),
        "room": "events",
    }
    template = "list" if request.htmx.target != "events" else "_list"
    response = render(request, f"portal/events/{template}.html", context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    if request.htmx and not request.htmx.boosted:
        replace_url(response, f"{request.path}?{filters.query}".rstrip("?"))
    return response


def _groups(language: str) -> list[GroupItem]:
    groups = GROUPS.values()
    return [GroupItem(group=group, about=group_about(group, language)) for group in groups]


def _place_of_phase(item: EventItem) -> int:
    return list(Phase).index(item.phase)
