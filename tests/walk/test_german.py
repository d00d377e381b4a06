"""Every page in German: none says in English what we have German words for."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client

from common.compiled_texts import translated_files
from tests.walk.listed import pages_of_customers, pages_of_portal
from tests.walk.shown import make_shown

pytestmark = pytest.mark.django_db

SAID = {"title", "aria-label", "placeholder", "alt", "data-label"}
BLANK = re.compile(r"%\(\w+\)[sd]|%[sd]")
OTHERS_WORDS = {"All", "Product A", "Test", "Test parcel", "sent"}
"""Of customers and shops, in whatever language they write."""


class Reader(HTMLParser):
    """What a person reads or hears, text by text."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._languages: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        attrs = dict(attributes)
        if tag not in VOID:
            is_other = tag in UNREAD or (attrs.get("lang") or "de") != "de"
            self._languages.append((tag, is_other))
        if not self._is_other:
            self.texts += [text for name, text in attributes if name in SAID and text]

    def handle_endtag(self, tag: str) -> None:
        while self._languages:
            closed, _ = self._languages.pop()
            if closed == tag:
                break

    def handle_data(self, data: str) -> None:
        if not self._is_other and data.strip():
            self.texts.append(" ".join(data.split()))

    @property
    def _is_other(self) -> bool:
        return any(is_other for _, is_other in self._languages)


VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
UNREAD = {"script", "style", "code", "pre", "textarea", "svg"}


def english() -> re.Pattern[str]:
    """Any text of ours that German says otherwise, as the whole of what is said somewhere."""
    foreign, german = set(), set()
    for path in translated_files(settings.BASE_DIR):
        foreign_here, german_here = _catalog(path)
        foreign |= foreign_here
        german |= german_here
    patterns = [
        ".+?".join(re.escape(part) for part in BLANK.split(" ".join(text.split())))
        for text in foreign - german
        if len(BLANK.sub("", text).strip(" .:·–")) > 2
    ]
    return re.compile("|".join(sorted(patterns, key=len, reverse=True)))


def _catalog(path: Path) -> tuple[set[str], set[str]]:
    with path.open("rb") as file:
        catalog = read_po(file, locale="de")
    foreign, german = set(), set()
    for message in catalog:
        pairs = zip(_forms(message.id), _forms(message.string), strict=False)
        for said, translated in pairs:
            if said and translated:
                german.add(translated)
                foreign |= {said} - {translated}
    return foreign, german


def _forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def leftovers(client: Client, path: str, known: re.Pattern[str]) -> Iterator[str]:
    answer = client.get(path, headers={"Accept-Language": "de"})
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return
    html = answer.content.decode()
    if answer.status_code == 200 and '<html lang="de"' not in html:
        yield "lang is not de"
    reader = Reader()
    reader.feed(html)
    yield from (text for text in reader.texts if known.fullmatch(text) and text not in OTHERS_WORDS)


def test_no_page_says_in_english_what_german_has_words_for():
    shown = make_shown()
    client, known = Client(), english()
    client.force_login(shown.person)
    pages = {**pages_of_portal(shown), **pages_of_customers(shown)}

    found = {name: list(leftovers(client, path, known)) for name, path in pages.items()}

    assert not any(found.values()), {name: texts for name, texts in found.items() if texts}


def test_english_is_found_where_there_is_some():
    known = english()

    assert known.fullmatch("Import orders")
    assert known.fullmatch("Chosen for more than one column: City.")
    assert not known.fullmatch("Aufträge importieren")
