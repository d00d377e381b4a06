"""The groups that parcels' events are subscribed to by: `groups.toml` beside this file."""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    name: str
    about: str
    stands_for: tuple[str, ...] = ()
    """Groups whose events this one, as a webhook's filter, lets through as well."""


def _read() -> dict[str, Group]:
    said = tomllib.loads(Path(__file__).with_name("groups.toml").read_text(encoding="utf-8"))
    groups = {
        name: Group(name=name, about=line["about"], stands_for=tuple(line.get("stands_for", ())))
        for name, line in said.items()
    }
    for group in groups.values():
        if unknown := set(group.stands_for) - set(groups):
            raise ValueError(f"groups.toml: {group.name} stands for {unknown}, which do not exist")
    return groups


GROUPS: dict[str, Group] = _read()


def standing_for(group: str) -> tuple[str, ...]:
    """The groups that let the events of `group` through, beside the group itself."""
    return tuple(other.name for other in GROUPS.values() if group in other.stands_for)
