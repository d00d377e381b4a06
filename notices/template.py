"""The little language of notices' texts: words, and placeholders in braces. Nothing is evaluated.

What stands for a placeholder is put in once and never looked at again; braces in it are braces.
`{{` and `}}` stand for braces of the text.
"""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from difflib import get_close_matches

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of the text, or what a placeholder stands for."""

    words: str
    placeholder: str = ""


Line = list[Piece]

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]")


def fault_of(template: str, names: Set[str]) -> str | None:
    """What is wrong with a text that may name these placeholders, in a sentence."""
    for match in _TOKEN.finditer(template):
        token, name = match.group(), match.group(1)
        if token in ("{", "}"):
            return _("There is a single “%s”. Write it twice to have one in the mail.") % token
        if name is not None and name not in names:
            near = get_close_matches(name.strip().lower(), names, n=1)
            if near:
                return _("There is no {%(name)s} here. Did you mean {%(near)s}?") % {
                    "name": name,
                    "near": near[0],
                }
            return _("There is no {%(name)s} here. There are: %(names)s.") % {
                "name": name,
                "names": ", ".join(f"{{{one}}}" for one in sorted(names)),
            }
    return None


def filled(template: str, values: Mapping[str, str]) -> list[Line]:
    """The lines of the text with what its placeholders stand for.

    A line is left out where it names placeholders and none of them has anything to say.
    """
    lines = []
    for text in template.replace("\r\n", "\n").split("\n"):
        line = list(_pieces(text, values))
        said = [piece.words for piece in line if piece.placeholder]
        if any(said) or not said:
            lines.append(line)
    return lines


def in_words(line: Line) -> str:
    return "".join(piece.words for piece in line)


def _pieces(text: str, values: Mapping[str, str]) -> Iterator[Piece]:
    end = 0
    for match in _TOKEN.finditer(text):
        if match.start() > end:
            yield Piece(text[end : match.start()])
        end = match.end()
        name = match.group(1)
        if name is None:
            yield Piece(match.group()[0])
        else:
            yield Piece(values.get(name, ""), name)
    if end < len(text):
        yield Piece(text[end:])
