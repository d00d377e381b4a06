"""The built-in words of notices: a file of `texts/` per language; one more file adds one."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.languages import get_official_languages

from notices.groups import NOTICE_GROUPS
from notices.models import Audience
from notices.placeholders import placeholders_for
from notices.template import fault_of

ENGLISH = "en"


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """Subject and body, with placeholders (notices.template)."""

    subject: str
    body: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """A language's words for everything that a mail says beside what the shop wrote."""

    language: str
    name: str
    frame: Mapping[str, str]
    events: Mapping[str, str]
    claim_reasons: Mapping[str, str]
    claim_statuses: Mapping[str, str]
    texts: Mapping[tuple[Audience, str], Text]
    """By audience and group: one for every group that the audience can hear of."""

    def button(self, audience: Audience) -> str:
        return self.frame["order_button" if audience is Audience.STAFF else "button"]


def wording(language: str) -> Wording:
    """In that language, or else in English."""
    return WORDINGS.get(language) or WORDINGS[ENGLISH]


def customers_language(country_code: str, shop_language: str) -> str:
    """The shop's own where it is spoken in the customer's country, or the country is unknown; else
    the country's, if there are texts in it; else the shop's. Orders name no language."""
    spoken = _official_languages(country_code.upper())
    if not spoken or shop_language in spoken:
        return shop_language
    return next((code for code in spoken if code in WORDINGS), shop_language)


@cache
def _official_languages(country_code: str) -> tuple[str, ...]:
    return get_official_languages(country_code, de_facto=True)


def _read(path: Path) -> Wording:
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    texts = {}
    for group in NOTICE_GROUPS.values():
        for audience in group.audiences:
            name = group.about if audience is Audience.STAFF else group.name
            try:
                text = Text(**{key: one.strip() for key, one in said[audience][name].items()})
            except (KeyError, TypeError) as odd:
                raise ValueError(f"{path.name}: {audience}.{name} is missing or odd") from odd
            for template in (text.subject, text.body):
                if fault := fault_of(template, placeholders_for(group.name, audience).keys()):
                    raise ValueError(f"{path.name}, {audience}.{name}: {fault}")
            texts[audience, group.name] = text
    return Wording(
        language=path.stem,
        name=said["language"],
        frame=said["frame"],
        events=said["events"],
        claim_reasons=said["claim_reasons"],
        claim_statuses=said["claim_statuses"],
        texts=texts,
    )


WORDINGS: Mapping[str, Wording] = {
    path.stem: _read(path) for path in sorted(Path(__file__).with_name("texts").glob("*.toml"))
}
