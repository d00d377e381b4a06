"""docs/security.md names nothing that is not there, and walks through the whole of both levels."""

import re
from pathlib import Path

PROJECT = Path(__file__).parents[2]
DOCUMENT = (PROJECT / "docs" / "security.md").read_text("utf-8")
LEVELS_1_AND_2 = 253
"""Requirements of ASVS 5.0.0."""


def requirements() -> list[str]:
    """Each as often as a row or the list of a chapter that is not about anything here names it."""
    named = re.findall(r"^\| (V\d[^|]+?) \|", DOCUMENT, re.MULTILINE)
    named += re.findall(r"^n/a, all of .+?\)\.", DOCUMENT, re.MULTILINE | re.DOTALL)
    return [one for text in named for one in _each(text)]


def _each(text: str) -> list[str]:
    found = []
    for first, last in re.findall(r"(V\d+\.\d+\.\d+)(?:\s+to\s+(V\d+\.\d+\.\d+))?", text):
        section, number = first.rsplit(".", 1)
        end = int(last.rsplit(".", 1)[1]) if last else int(number)
        found += [f"{section}.{at}" for at in range(int(number), end + 1)]
    return found


def test_every_requirement_is_there_once():
    found = requirements()
    assert len(found) == len(set(found))
    assert len(found) == LEVELS_1_AND_2


def test_every_path_that_is_named_exists():
    named = set(re.findall(r"`((?:[\w.-]+/)+[\w.-]+\.\w+)`", DOCUMENT))
    assert len(named) > 40
    assert {name for name in named if not (PROJECT / name).exists()} == set()


def test_most_of_what_is_met_is_proved_by_a_test():
    """At least half of what is met is proved by one."""
    rows = re.findall(r"^\| V[^|]+\|[^|]+\| (\w+)[^|]*\|([^|]*)\|$", DOCUMENT, re.MULTILINE)
    met = [proof for how, proof in rows if how == "met"]
    assert sum("`tests/" in proof for proof in met) > len(met) / 2
