import re
from importlib.resources import files

import pytest
from babel.messages.pofile import read_po
from django.utils import translation

from portal.people.allauth_texts import TEXTS

FAMILIAR = re.compile(r"\b(du|dein\w*|dir|dich|versuche|wähle|kontaktiere)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def allauths():
    with (files("allauth") / "locale/de/LC_MESSAGES/django.po").open("rb") as file:
        return read_po(file, locale="de")


@pytest.mark.parametrize("text", TEXTS, ids=str)
def test_the_portal_says_sie_where_allauth_says_du(text, allauths):
    with translation.override("en"):
        english = str(text)

    assert FAMILIAR.search(allauths.get(english).string)
    with translation.override("de"):
        assert not FAMILIAR.search(str(text))
