"""What a tracking number's form says of its carrier: the rules of `numbers.toml`."""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from shipments.carriers import CARRIERS
from shipments.matching.check_digits import CHECKS

LONGEST = 40
"""Characters; nothing longer is a tracking number that we know."""

_SEPARATORS = str.maketrans("", "", " .-\t\n\r\u00a0")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    carrier: str
    what: str
    pattern: re.Pattern[str]
    check: Callable[[str], bool] | None
    odds: float
    when_wrong: float
    sent_to: frozenset[str]


class Fit(NamedTuple):
    """A rule that a number fits, and what that makes of the carrier's odds."""

    rule: Rule
    odds: float
    is_checked: bool
    """Whether there is a check digit, and it is correct."""
    is_wrong: bool
    is_sent_home: bool


def plain(tracking_number: str) -> str:
    """As rules read it: capitals, without what people put between the groups."""
    return tracking_number.translate(_SEPARATORS).upper()


def fits(number: str, country_code: str) -> Iterator[Fit]:
    """The rules that the plain `number` fits; `country_code` is where the parcel goes, if known."""
    for rule in _RULES.get(len(number), ()):
        found = rule.pattern.fullmatch(number)
        if found is None:
            continue
        is_correct = rule.check is None or rule.check(found[1])
        odds = rule.odds if is_correct else rule.when_wrong
        is_home = country_code in rule.sent_to
        if rule.sent_to and country_code:
            odds *= 2 if is_home else 0.25
        if odds:
            yield Fit(rule, odds, rule.check is not None and is_correct, not is_correct, is_home)


def _rule(said: dict[str, Any]) -> Rule:
    if said["carrier"] not in CARRIERS:
        raise ValueError(f"numbers.toml: {said['carrier']} is no carrier of ours")
    return Rule(
        carrier=said["carrier"],
        what=said["what"],
        pattern=re.compile(said["pattern"], re.ASCII),
        check=CHECKS[said["check"]] if "check" in said else None,
        odds=said["odds"],
        when_wrong=said.get("when_wrong", 0),
        sent_to=frozenset(said.get("sent_to", ())),
    )


def _by_length() -> dict[int, list[Rule]]:
    rules: dict[int, list[Rule]] = {}
    said_rules = tomllib.loads(Path(__file__).with_name("numbers.toml").read_text())["rule"]
    for said in said_rules:
        rule, lengths = _rule(said), said["length"]
        for length in lengths if isinstance(lengths, list) else [lengths]:
            rules.setdefault(length, []).append(rule)
    return rules


_RULES = _by_length()
