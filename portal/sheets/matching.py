"""Which column of a file is which of ours: suggested by the headings, corrected by a person."""

import re
import unicodedata
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from portal.sheets.columns import COLUMNS, NOT_IMPORTED

ALIKE = 88
"""Of 100: how alike a heading has to be to one that is known."""


def suggest_columns(headings: Sequence[str]) -> list[str]:
    """For each heading the key of a column, or nothing; each column at most once."""
    suggested = [""] * len(headings)
    plain = [_plain(heading) for heading in headings]
    free = dict(_KNOWN)
    for at, heading in enumerate(plain):
        if key := free.get(heading):
            suggested[at] = key
            free = {name: other for name, other in free.items() if other != key}
    for at, heading in enumerate(plain):
        if suggested[at] or len(heading) < 4 or heading in _KNOWN or heading in NOT_IMPORTED:
            continue
        best = process.extractOne(heading, list(free), scorer=fuzz.ratio, score_cutoff=ALIKE)
        if best is not None:
            suggested[at] = key = free[best[0]]
            free = {name: other for name, other in free.items() if other != key}
    return suggested


def repeated_headings(headings: Sequence[str]) -> list[str]:
    """Those that stand over more than one column."""
    filled = [heading for heading in headings if heading]
    return sorted({heading for heading in filled if filled.count(heading) > 1})


def _plain(heading: str) -> str:
    """Its letters and digits: `E-Mail`, `e mail` and `EMAIL` are one."""
    folded = unicodedata.normalize("NFKC", heading).casefold().replace("ß", "ss")
    return re.sub(r"[\W_]", "", folded)


_KNOWN: dict[str, str] = {
    _plain(name): column.key
    for column in reversed(COLUMNS.values())
    for name in reversed((column.key, *column.called))
}
