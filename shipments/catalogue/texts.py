"""What customers read of an event: a file of `texts/` per language; one more file adds one."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from shipments.catalogue.groups import Group
from shipments.catalogue.meanings import meaning_of
from shipments.phases import RETURN_PHASES, Direction, Phase

KINDS = ("event_status", "list_label", "header_headline", "header_title", "header_subtitle")
ENGLISH = "en"
MOST_REMEMBERED = 4096
"""Shops make up names; more than the catalogue has in all, and few megabytes."""


def event_strings(name: str, phase: Phase, language: str) -> dict[str, str]:
    """All of KINDS for an event of that name that brought its parcel into that phase.

    A text that the language lacks is the one of the phase, then the English one. A name that the
    catalogue lacks is a shop's own and speaks for itself: “MY_OWN_EVENT” is “My own event”.
    """
    return dict(zip(KINDS, _strings(name, phase, spoken(language)), strict=True))


def group_about(group: Group, language: str) -> str:
    """What shops read of a group; in English where the language lacks it."""
    told: dict[str, str] = _TEXTS[spoken(language)].get("groups", {})
    return told.get(group.name, group.about)


def spoken(language: str) -> str:
    """The language in which texts are there for those who want `language`: “de” for “de-AT”."""
    code = language.replace("_", "-").lower()
    while code and code not in LANGUAGES:
        code = code.rpartition("-")[0]
    return code or ENGLISH


@lru_cache(maxsize=MOST_REMEMBERED)
def _strings(name: str, phase: Phase, language: str) -> tuple[str, ...]:
    own = _own(name, phase, language)
    general = [_TEXTS[language].get("phases", {}).get(phase, {}), _TEXTS[ENGLISH]["phases"][phase]]
    english = [] if language == ENGLISH else [_own(name, phase, ENGLISH)]
    said = [own, general[0], *english, general[1]]
    return tuple(next(texts[kind] for texts in said if kind in texts) for kind in KINDS)


def _own(name: str, phase: Phase, language: str) -> dict[str, str]:
    """What the language has for this very name."""
    meaning = meaning_of(name, Direction.MERCHANT_CUSTOMER)
    if meaning is None:
        words = in_words(name)
        return {"event_status": words, "list_label": words, "header_title": words}
    texts: dict[str, str] = _TEXTS[language].get("names", {}).get(name, {})
    if phase not in RETURN_PHASES or meaning.phase in RETURN_PHASES:
        return texts
    # The headers greet the customer who waits for a parcel; on the way back those of the phase do.
    facts = {kind: text for kind, text in texts.items() if not kind.startswith("header")}
    return {**facts, **_TEXTS[language].get("back", {}).get(name, {})}


def in_words(name: str) -> str:
    """“MY_OWN_EVENT” as people write it: “My own event”."""
    words = " ".join(name.replace("_", " ").split())
    words = words.lower() if words.isupper() else words
    return words[:1].upper() + words[1:] or name


def _read() -> dict[str, dict[str, Any]]:
    """English first, the others by their codes."""
    folder = Path(__file__).with_name("texts")
    files = sorted(folder.glob("*.toml"), key=lambda file: (file.stem != ENGLISH, file.stem))
    return {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in files}


_TEXTS = _read()
LANGUAGES: dict[str, str] = {code: texts["language"] for code, texts in _TEXTS.items()}
"""What each language calls itself, by its code."""
