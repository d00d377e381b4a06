"""How names and phones are found in what people typed: as PostgreSQL's regular expressions.

A name is found by its last word ("Frau Müller"), whole where that is short; a phone by its last
digits, which are the same with +49 or 0 in front. All as they stand in the query of a URL, too.
"""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

TELLING_DIGITS = 7
SHORTEST_WORD = 3

_BEFORE = "(?:^|[^[:alnum:]]|%[0-9a-f]{2})"
_BETWEEN = "(?:[^[:alnum:]]|%[0-9a-f]{2})+"
_AFTER = "(?:$|[^[:alnum:]])"
_IN_PHONES = r"(?:[-+/. ]|%20)?"


def patterns_of(names: Iterable[str]) -> list[str]:
    """Of names and phones; they are looked for in lower case."""
    found: set[str] = set()
    for name in names:
        words = name.lower().split()
        if not any(map(str.isalpha, name)):
            digits = re.sub(r"\D", "", name)[-TELLING_DIGITS:]
            if len(digits) == TELLING_DIGITS:
                found.add(_IN_PHONES.join(digits) + _AFTER)
        elif len(words[-1]) >= SHORTEST_WORD:
            found.add(_pattern(words[-1:]))
        elif len(words) > 1:
            found.add(_pattern(words))
    return sorted(found)


def _pattern(words: Sequence[str]) -> str:
    spelled = [f"(?:{re.escape(word)}|{re.escape(quote(word).lower())})" for word in words]
    return f"{_BEFORE}{_BETWEEN.join(spelled)}{_AFTER}"
