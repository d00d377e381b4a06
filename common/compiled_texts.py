"""Translated texts as gettext reads them. Needs no Django: the wheel is built with it, too."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_texts(base: Path) -> None:
    """Make the .mo files below this folder that are missing or older than their .po files."""
    for path in translated_files(base):
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns > path.stat().st_mtime_ns:
            continue
        draft = compiled.with_suffix(f".{id(path):x}.draft")
        with draft.open("wb") as file:
            write_mo(file, read_texts(path))
        draft.replace(compiled)


def translated_files(base: Path, app: str = "*") -> list[Path]:
    """Every .po file of this app, or of all."""
    return sorted(base.glob(f"{app}/locale/*/LC_MESSAGES/django.po"))


def read_texts(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name, charset="utf-8")
