"""What a shop's words for a carrier say: the names of `names.toml`, also misspelt."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from shipments.carriers import CARRIERS

EXACT, WITHIN, MISSPELT, ONE_OF_SEVERAL = 60.0, 30.0, 20.0, 8.0
"""How much more likely a carrier is when its name is said: alone, among other words, and so on."""

USUALLY_UNSEEN = 0.08
MOST_WORDS = 6
LONGEST_TEXT = 255
SHORTEST_MISSPELT = 5
"""Letters: of three-letter names each is one slip away from another (UPS, USPS; DPD, DHL)."""
LIKE_ENOUGH, CLEARLY_AHEAD = 80.0, 6.0
"""Of 100, by rapidfuzz's ratio."""


class Says(Enum):
    NOTHING = "nothing"
    """No text, or words that name nobody."""
    OURS = "ours"
    ANOTHER = "another"
    """A carrier that is not among ours."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Named:
    says: Says
    odds: Mapping[str, float] = field(default_factory=dict)
    """For each carrier that may be meant, how much more likely the text makes it."""
    first: str = ""
    """The carrier that is meant first of all."""
    is_misspelt: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class _Carrier:
    unseen: float
    home: frozenset[str]
    may_mean: Mapping[str, float]
    loosely: frozenset[str]
    """The names that `may_mean` is about."""


def unseen_odds(reference: str, country_code: str) -> float:
    """The odds that a number of no form we know is this carrier's, before anything is said."""
    carrier = _CARRIERS[reference]
    if not (carrier.home and country_code):
        return carrier.unseen
    return carrier.unseen * (1.5 if country_code in carrier.home else 0.5)


@lru_cache(maxsize=4096)
def read_name(text: str) -> Named:
    """Whom the text names. Shops send few different texts, so they are remembered."""
    words = _words(text)
    if not words:
        return Named(says=Says.NOTHING)
    found, covered = _names_within(words)
    rest = [word for index, word in enumerate(words) if index not in covered]
    meaningful = [word for word in rest if word not in _GENERIC]
    if not found:
        return _read_misspelt(words, meaningful)
    named = {_NAMES[name] for name in found}
    if len(named) > 1:
        return _several(named)
    [reference] = named
    if reference == "":
        return Named(says=Says.ANOTHER)
    return _named(reference, found[0], WITHIN if meaningful else EXACT)


def _named(reference: str, name: str, odds: float, *, is_misspelt: bool = False) -> Named:
    carrier = _CARRIERS[reference]
    meant = {reference: odds}
    if name in carrier.loosely:
        meant |= {other: max(1.0, odds * share) for other, share in carrier.may_mean.items()}
    return Named(says=Says.OURS, odds=meant, first=reference, is_misspelt=is_misspelt)


def _several(named: set[str]) -> Named:
    """Names of several carriers: each is a little more likely, none is said."""
    odds = {reference: ONE_OF_SEVERAL for reference in named if reference}
    return Named(says=Says.OURS if len(odds) == len(named) else Says.ANOTHER, odds=odds)


def _read_misspelt(words: list[str], meaningful: list[str]) -> Named:
    if not meaningful:
        return Named(says=Says.NOTHING)
    for spoken in (" ".join(words), " ".join(meaningful)):
        if len(spoken.replace(" ", "")) < SHORTEST_MISSPELT - 1:
            continue
        near = process.extract(
            spoken, _LONG_NAMES, scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH, limit=8
        )
        if not near:
            continue
        name, score, _ = near[0]
        rivals = [s for other, s, _ in near if _NAMES[other] != _NAMES[name]]
        if rivals and score - rivals[0] < CLEARLY_AHEAD:
            return Named(says=Says.UNKNOWN)
        if _NAMES[name] == "":
            return Named(says=Says.ANOTHER)
        return _named(_NAMES[name], name, MISSPELT, is_misspelt=True)
    return Named(says=Says.UNKNOWN)


def _words(text: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", text[:LONGEST_TEXT].casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.findall(r"[a-z0-9]+", letters)


def _names_within(words: list[str]) -> tuple[list[str], set[int]]:
    """The longest names that the words hold, and which words they take."""
    if (joined := "".join(words)) in _JOINED:
        return [_JOINED[joined]], set(range(len(words)))
    found: list[str] = []
    covered: set[int] = set()
    for size in range(min(MOST_WORDS, len(words)), 0, -1):
        for start in range(len(words) - size + 1):
            places = set(range(start, start + size))
            name = " ".join(words[start : start + size])
            if name in _NAMES and covered.isdisjoint(places):
                found.append(name)
                covered |= places
    return found, covered


_SAID: dict[str, Any] = tomllib.loads(Path(__file__).with_name("names.toml").read_text())

_CARRIERS: dict[str, _Carrier] = {
    reference: _Carrier(
        unseen=said.get("unseen", USUALLY_UNSEEN),
        home=frozenset(said.get("home", ())),
        may_mean=said.get("may_mean", {}),
        loosely=frozenset(said.get("of", ())),
    )
    for reference, said in _SAID["carrier"].items()
}
if _CARRIERS.keys() != CARRIERS.keys():
    raise ValueError(f"names.toml: {_CARRIERS.keys() ^ CARRIERS.keys()} are not in both files")

_NAMES: dict[str, str] = {
    **dict.fromkeys(_SAID["others"]["names"], ""),
    **{name: ref for ref, said in _SAID["carrier"].items() for name in said["names"]},
}
"""Each name, and whose it is; empty for a carrier that is not among ours."""

_JOINED: dict[str, str] = {name.replace(" ", ""): name for name in _NAMES}
_LONG_NAMES: list[str] = [n for n in _NAMES if len(n.replace(" ", "")) >= SHORTEST_MISSPELT]
_GENERIC: frozenset[str] = frozenset(_SAID["generic"]["words"])
