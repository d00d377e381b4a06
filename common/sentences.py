"""Sentences that are kept in English, and said in the language of whoever reads them.

A row, the API and the log hold the English: who writes it knows no reader. A `Sentence` writes it,
and knows what it wrote again, so that a page can say it in another language. What is not known
(any more), such as what was kept before its words were changed, stays English.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from django.utils.translation import gettext

_PLACE = re.compile(r"%\((\w+)\)s")


def marked(english: str) -> str:
    """Imported as `_`: marks what is to be translated, as `gettext_noop` does, without settings."""
    return english


class Sentence:
    """A form of sentence; `english` is marked for translation where it is written down."""

    def __init__(self, english: str) -> None:
        self.english = english
        words = _PLACE.split(english)  # every second one names a place
        self._form = re.compile(
            "".join(
                f"(?P<{word}>.+?)" if number % 2 else re.escape(word)
                for number, word in enumerate(words)
            ),
            re.DOTALL,
        )

    def said(self, **facts: object) -> str:
        """In English, to be kept."""
        return self.english % facts

    def facts_of(self, kept: str) -> dict[str, str] | None:
        """What was filled in; None for what is no sentence of this form."""
        found = self._form.fullmatch(kept)
        return found.groupdict() if found else None


def in_words(
    kept: str,
    sentences: Iterable[Sentence],
    fact_words: Mapping[str, Callable[[str], str]] = MappingProxyType({}),
) -> str:
    """`kept` in the reader's language: by its form, or as a text without places that is marked.

    `fact_words` says the facts that are words themselves, by the names of their places.
    """
    for sentence in sentences:
        facts = sentence.facts_of(kept)
        if facts is not None:
            said = {name: fact_words.get(name, str)(fact) for name, fact in facts.items()}
            return gettext(sentence.english) % said
    return gettext(kept)
