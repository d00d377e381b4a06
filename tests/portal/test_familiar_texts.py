import re
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files

import pytest
from django.utils import translation

from portal.people.familiar_texts import FAULTY, TEXTS

FAMILIAR = re.compile(r"\b(du|dein\w*|dir|dich|versuche|wähle|kontaktiere|gib)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def theirs():
    """Of allauth and DRF."""
    found = NullTranslations()
    for library in ("allauth", "rest_framework"):
        with (files(library) / "locale/de/LC_MESSAGES/django.mo").open("rb") as file:
            catalogue = GNUTranslations(file)
        found.add_fallback(catalogue)
    return found


@pytest.mark.parametrize("text", TEXTS, ids=str)
def test_the_portal_says_sie_where_libraries_say_du(text, theirs):
    with translation.override("en"):
        english = str(text)

    assert FAMILIAR.search(theirs.gettext(english))
    with translation.override("de"):
        assert not FAMILIAR.search(str(text))


@pytest.mark.parametrize("text", FAULTY, ids=str)
def test_slips_of_libraries_are_mended_as_long_as_they_are_there(text, theirs):
    with translation.override("en"):
        english = str(text)

    assert theirs.gettext(english).count('"') % 2
    with translation.override("de"):
        assert '"' not in str(text)
