"""What somebody typed, as it is looked for."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

LONGEST = 200
MOST_WORDS = 6
TRIGRAM = 3
UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}
LAST_LETTER = chr(0x10FFFF)


@dataclass(frozen=True)
class Text:
    """Composed letters, single blanks, no NUL, however it was pasted."""

    said: str

    @classmethod
    def typed(cls, text: str) -> "Text":
        composed = unicodedata.normalize("NFC", text.replace("\x00", ""))
        return cls(" ".join(composed.split())[:LONGEST].strip())

    @property
    def words(self) -> list[str]:
        return self.said.split()[:MOST_WORDS]

    @property
    def has_trigram(self) -> bool:
        """Whether an index of three letters each can find a word of it."""
        return any(len(word) >= TRIGRAM for word in self.words)

    @property
    def is_precise(self) -> bool:
        """A number or an e-mail rather than a name."""
        return "@" in self.said or any(letter.isdigit() for letter in self.said)

    @property
    def number(self) -> str:
        """As numbers are: people copy those of parcels with blanks."""
        return self.said.replace(" ", "")

    @property
    def id(self) -> UUID | None:
        try:
            return UUID(self.said) if len(self.said) == len(str(UUID(int=0))) else None
        except ValueError:
            return None

    def spellings(self) -> list[list[str]]:
        """Its words as typed, with ue for ü, and with ü for ue; each once."""
        plain, with_umlauts = self.said.casefold(), self.said.lower()
        for umlaut, letters in UMLAUTS.items():
            plain = plain.replace(umlaut, letters)
            with_umlauts = with_umlauts.replace(letters, umlaut)
        ways = dict.fromkeys((self.said.lower(), plain, with_umlauts))
        return [way.split()[:MOST_WORDS] for way in ways]


def telling_words(words: Sequence[str]) -> list[str]:
    """Those that few orders hold: numbers, where there are any, and of an e-mail its beginning."""
    long = [word.partition("@")[0] or word for word in words if len(word) >= TRIGRAM]
    numbers = [word for word in long if any(letter.isdigit() for letter in word)]
    telling = [word for word in numbers or long if len(word) >= TRIGRAM]
    return telling or list(words)
