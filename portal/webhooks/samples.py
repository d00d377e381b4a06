"""Receivers to copy, that verify the signature."""

from dataclasses import dataclass

from django.conf import settings

FOLDER = settings.ASSETS_DIR / "docs" / "receivers"


@dataclass(frozen=True, kw_only=True)
class Sample:
    language: str
    code: str


SAMPLES = [
    Sample(language=language, code=(FOLDER / name).read_text(encoding="utf-8"))
    for language, name in (
        ("Python", "receiver.py"),
        ("PHP", "receiver.php"),
        ("JavaScript", "receiver.mjs"),
    )
]
