import gettext

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from common.compiled_texts import compile_texts
from common.texts import new_file, untranslated, updated_file

SOURCE = """
from django.utils.translation import gettext as _, ngettext, pgettext

def words(n):
    counted = ngettext("%(n)s parcel", "%(n)s parcels", n)
    return _("Track your parcel"), counted, pgettext("letter", "Post")
"""
TEMPLATE = """{% load i18n %}
<p title="it's">{% translate "Where is it?" %} — {% translate "It’s “there”" %}</p>
{% blocktranslate trimmed count n=n %}
  {{ n }} step
{% plural %}
  {{ n }} steps
{% endblocktranslate %}"""


@pytest.fixture
def po_file(tmp_path, settings):
    """Of an app `tracking` with one module and one template."""
    settings.BASE_DIR = tmp_path
    (tmp_path / "tracking").mkdir()
    (tmp_path / "tracking" / "words.py").write_text(SOURCE)
    for room in ("tracking", "admin", "components"):
        (tmp_path / "templates" / room).mkdir(parents=True)
    (tmp_path / "templates" / "tracking" / "page.html").write_text(TEMPLATE)
    (tmp_path / "templates" / "admin" / "page.html").write_text('{% translate "Office" %}')
    (tmp_path / "templates" / "components" / "a.html").write_text('{% translate "Shared" %}')
    return new_file("tracking", "de")


def translate(po_file, text, translation):
    said = updated_file(po_file)
    po_file.write_text(
        said.replace(f'msgid "{text}"\nmsgstr ""', f'msgid "{text}"\nmsgstr "{translation}"')
    )


@pytest.mark.parametrize("other_word", ["Versanddienst", "Paketdienst", "Artikel", "Testpaket"])
def test_german_has_one_word_for_one_thing(other_word):
    texts = [settings.BASE_DIR / "shipments" / "catalogue" / "texts" / "de.toml"]
    texts += settings.BASE_DIR.glob("*/locale/de/LC_MESSAGES/django.po")

    assert len(texts) > 10
    assert [path for path in texts if other_word in path.read_text("utf-8")] == []


def test_texts_of_modules_and_templates_are_collected(po_file):
    po_file.write_text(updated_file(po_file))

    assert set(untranslated(po_file)) == {
        "Track your parcel",
        "%(n)s parcel",
        "Post",
        "Where is it?",
        "It’s “there”",
        "%(n)s step",
    }


def test_translations_are_kept_and_what_is_gone_is_dropped(po_file, tmp_path):
    translate(po_file, "Where is it?", "Wo ist es?")
    translate(po_file, "Track your parcel", "Sendung verfolgen")
    (tmp_path / "tracking" / "words.py").unlink()

    updated = updated_file(po_file)

    assert "Wo ist es?" in updated
    assert "Track your parcel" not in updated
    assert "Sendung verfolgen" not in updated


def test_a_new_text_takes_no_translation_of_a_similar_one(po_file, tmp_path):
    translate(po_file, "Where is it?", "Wo ist es?")
    (tmp_path / "templates" / "tracking" / "page.html").write_text(
        '{% translate "Where is she?" %}'
    )

    assert "Wo ist es?" not in updated_file(po_file)


def test_compiled_texts_are_found_by_gettext(po_file):
    translate(po_file, "Where is it?", "Wo ist es?")

    compile_texts(po_file.parents[4])

    with po_file.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Where is it?") == "Wo ist es?"


def test_a_file_is_compiled_again_once_it_has_changed(po_file):
    compile_texts(po_file.parents[4])
    translate(po_file, "Where is it?", "Wo ist es?")

    compile_texts(po_file.parents[4])

    with po_file.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Where is it?") == "Wo ist es?"


def test_the_check_names_what_has_no_words(po_file):
    call_command("texts")

    with pytest.raises(CommandError, match="no words for: 'Where is it"):
        call_command("texts", "--check")


def test_the_check_names_a_stale_file(po_file):
    with pytest.raises(CommandError, match="stale"):
        call_command("texts", "--check")


def test_files_written_twice_are_the_same(po_file):
    call_command("texts")
    written = po_file.read_text()

    call_command("texts")

    assert po_file.read_text() == written
