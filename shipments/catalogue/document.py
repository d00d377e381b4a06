"""`docs/events.md`, written from the catalogue."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from shipments.catalogue.groups import GROUPS
from shipments.catalogue.meanings import MEANINGS, NAMES, Meaning, meaning_of
from shipments.catalogue.texts import LANGUAGES, event_strings
from shipments.phases import RETURN_PHASES, Direction, Flag, Phase

EVENTS_DOCUMENT = Path(__file__).parents[2] / "docs" / "events.md"

INTRODUCTION = """\
# Events of parcels

This page is written from the catalogue (`shipments/catalogue/`) by `manage.py describe_events`:
change the data, not the page. In the portal, the same can be searched.

{count} names say what happened to a parcel. Each brings it into a **phase**, belongs to a
**group** and sets a **flag** (`normal`, `delay`, `error`). A parcel that was delivered tells
`shipments/delivered/SUCCESSFULLY_DELIVERED`, of the group `shipment_delivered`; a webhook may
subscribe to the phase, to the name or to the group.

- **On a return** (direction `customer_merchant`) most names mean something else: what was
  delivered then has arrived at the shop. The third column says so, as phase and group.
- **Names of returns only**, those of the last four phases, mean a return, whatever direction the
  parcel was thought to have.
- **A shop's own names** are welcome. They belong to no group, only who subscribes to everything
  hears of them, and customers read them in words: `MY_OWN_EVENT` is “My own event”.
- **Pick-up**: a name that says where a parcel waits or was left has the kind of place beside it
  (`shop`, `locker`, `neighbor`, `letterbox`).
- **Texts** are in {languages}. A language is one more file in `shipments/catalogue/texts/`; what
  it leaves out is said in the words of the phase, and else in English.
"""


def events_document() -> str:
    introduction = INTRODUCTION.format(count=len(NAMES), languages=" and ".join(LANGUAGES.values()))
    parts = [introduction, *(_of_phase(phase) for phase in Phase), _groups()]
    return "\n".join(parts)


def _of_phase(phase: Phase) -> str:
    outward = [meaning_of(name, Direction.MERCHANT_CUSTOMER) for name in NAMES]
    meanings = [meaning for meaning in outward if meaning and meaning.phase == phase]
    is_return = phase in RETURN_PHASES
    head = ["Name", "Group", *([] if is_return else ["On a return"]), "Flag", *LANGUAGES.values()]
    rows = [
        [
            _name(meaning),
            _codes([meaning.group, *meaning.also_groups]),
            *([] if is_return else [_on_the_way_back(meaning.name)]),
            "" if meaning.flag is Flag.NORMAL else meaning.flag,
            *(_label(meaning, language) for language in LANGUAGES),
        ]
        for meaning in meanings
    ]
    return f"## {phase.label} (`{phase}`)\n\n{_table(head, rows)}"


def _name(meaning: Meaning) -> str:
    return f"`{meaning.name}`" + (f" ({meaning.pickup})" if meaning.pickup else "")


def _on_the_way_back(name: str) -> str:
    back = MEANINGS[name, Direction.CUSTOMER_MERCHANT]
    return f"`{back.phase}`: {_codes([back.group])}"


def _label(meaning: Meaning, language: str) -> str:
    return event_strings(meaning.name, meaning.phase, language)["list_label"]


def _groups() -> str:
    rows = [[f"`{group.name}`", group.about, _codes(group.stands_for)] for group in GROUPS.values()]
    head = ["Group", "Means", "Lets through as well"]
    return (
        "## Groups\n\nThe names a webhook may subscribe to, beside phases and names.\n\n"
        f"{_table(head, rows)}"
    )


def _codes(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
