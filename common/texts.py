"""Texts for people in other languages: collected from the sources, translated in .po files.

Each app has its own, `<app>/locale/<language>/LC_MESSAGES/django.po`; what stands in a template of
`templates/<app>/` belongs to that app, and what all pages share to the portal. Babel does what GNU
gettext would, which a machine need not have. A language is added by adding its files.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import write_po
from django.conf import settings
from django.utils.translation.template import templatize

from common.compiled_texts import read_texts

SHARED_BY_ALL_PAGES = "portal"
UNTRANSLATED = {"admin"}
"""Templates of the back office, which the operator's staff read in English."""
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def updated_file(path: Path) -> str:
    """What the .po file should say: every text of its app, with the translations it has."""
    catalog = read_texts(path)
    catalog.update(_collected(path.parents[3].name), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    written = io.BytesIO()
    write_po(written, catalog, width=0, omit_header=True, include_lineno=False, sort_output=True)
    return f"{_header(catalog)}\n{written.getvalue().decode().lstrip()}"


def untranslated(path: Path) -> list[str]:
    """The texts that the file has no words for."""
    return [_shown(message) for message in read_texts(path) if message.id and not _is_said(message)]


def new_file(app: str, language: str) -> Path:
    """An empty .po file, unless there is one."""
    path: Path = settings.BASE_DIR / app / "locale" / language / "LC_MESSAGES" / "django.po"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_header(Catalog(locale=language)), encoding="utf-8")
    return path


def _collected(app: str) -> Catalog:
    catalog = Catalog(charset="utf-8")
    for path, language, source in _sources(app):
        found = extract(language, io.BytesIO(source.encode()), KEYWORDS, ("Translators:",))
        for _line, message, comments, context in found:
            where = [(str(path.relative_to(settings.BASE_DIR)), 0)]
            catalog.add(message, locations=where, auto_comments=comments, context=context)
    return catalog


def _sources(app: str) -> Iterator[tuple[Path, str, str]]:
    """Each file with the language in which Babel is to read it."""
    for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
        yield path, "python", path.read_text("utf-8")
    for path in _templates(app):
        # Django blots out all but the texts, as calls of gettext: no Python, but what reads
        # JavaScript minds nothing between calls.
        yield path, "javascript", templatize(path.read_text("utf-8"))


def _templates(app: str) -> Iterator[Path]:
    base: Path = settings.BASE_DIR / "templates"
    apps = {name.split(".")[0] for name in settings.INSTALLED_APPS}
    for path in sorted((*base.rglob("*.html"), *base.rglob("*.txt"))):
        room = path.relative_to(base).parts[0]
        owner = room if room in apps else SHARED_BY_ALL_PAGES
        if owner == app and room not in UNTRANSLATED:
            yield path


def _header(catalog: Catalog) -> str:
    """Without dates, which would change with every run."""
    fields = (
        f"Language: {catalog.locale_identifier}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {catalog.plural_forms}",
    )
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{field}\\n"\n' for field in fields)


def _is_said(message: Message) -> bool:
    said = message.string if isinstance(message.string, list | tuple) else [message.string]
    return all(said) and not message.fuzzy


def _shown(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]
