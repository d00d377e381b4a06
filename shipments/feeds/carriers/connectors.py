"""The carriers that can be asked: `connectors.toml` beside this file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shipments.carriers import CARRIERS


@dataclass(frozen=True, kw_only=True, slots=True)
class CredentialField:
    name: str
    label: str
    is_optional: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Connector:
    name: str
    title: str
    provider: str
    carriers: tuple[str, ...]
    numbers_per_call: int
    test_number: str
    help: str
    fields: tuple[CredentialField, ...]


def _read() -> dict[str, Connector]:
    said = tomllib.loads(Path(__file__).with_name("connectors.toml").read_text(encoding="utf-8"))
    return {name: _connector(name, line) for name, line in said.items()}


def _connector(name: str, line: Mapping[str, Any]) -> Connector:
    if unknown := set(line["carriers"]) - set(CARRIERS):
        raise ValueError(f"connectors.toml: {name} names carriers {unknown}, which do not exist")
    fields = tuple(CredentialField(**field) for field in line["fields"])
    return Connector(
        **{**line, "name": name, "carriers": tuple(line["carriers"]), "fields": fields}
    )


CONNECTORS: dict[str, Connector] = _read()
