"""Carrier matching over numbers whose carrier is known (`carriers.tsv`), and how long it takes.

    precision           of the answers, how many are right
    recall              of the numbers of our carriers, how many are answered rightly
    coverage            of all rows, how many are answered
    false certainty     of the answers with a confidence of 0.9 or more, how many are wrong

The mix of rows is ours, not a shop's: a third of them are there to mislead. Where no public rule
exists, or one form is shared by several carriers, “nobody knows” is the right answer, and costs
recall.
"""

import csv
import statistics
import timeit
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from benchmarks.carrier_labels import NOBODY
from shipments.matching.match import Match, match
from shipments.matching.names import read_name

CERTAIN = 0.9
BINS = (0.8, 0.9, 0.95, 0.98, 1.0)
ROUNDS = 7


class Label(NamedTuple):
    half: str
    kind: str
    carrier: str
    number: str
    company: str
    country: str
    source: str


@dataclass(frozen=True, slots=True)
class Judged:
    label: Label
    found: Match

    @property
    def is_answered(self) -> bool:
        return self.found.carrier_reference is not None

    @property
    def is_right(self) -> bool:
        return self.found.carrier_reference == self.label.carrier


def run() -> None:
    labels = read_labels()
    judged = judge(labels)
    for half in ("tuning", "held_out"):
        rows = [row for row in judged if row.label.half == half]
        print(f"carriers, {half.replace('_', ' ')}: {len(rows):,} rows")
        _report("all", rows)
        _report_groups(rows, lambda row: row.label.kind)
    held_out = [row for row in judged if row.label.half == "held_out"]
    print("  held out, by carrier")
    _report_groups(held_out, lambda row: row.label.carrier)
    _report_confusions(held_out)
    _report_calibration(held_out)
    _report_time(labels)


def judge(labels: Iterable[Label]) -> list[Judged]:
    return [Judged(label, _match(label)) for label in labels]


def labels_path() -> Path:
    return Path(__file__).with_name("carriers.tsv")


def read_labels() -> list[Label]:
    with labels_path().open(newline="") as file:
        _, *rows = csv.reader(file, delimiter="\t")
    return [Label(*row) for row in rows]


def _match(label: Label) -> Match:
    return match(label.number, tracking_company=label.company, country_code=label.country)


def _report_groups(rows: Iterable[Judged], key: Callable[[Judged], str]) -> None:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    for name, group in sorted(groups.items()):
        _report(name, group)


def _report(name: str, rows: Sequence[Judged]) -> None:
    answered = [row for row in rows if row.is_answered]
    right = sum(row.is_right for row in answered)
    ours = sum(row.label.carrier != NOBODY for row in rows)
    certain = [row for row in answered if row.found.confidence >= CERTAIN]
    wrong = sum(not row.is_right for row in certain)
    print(
        f"    {name:<18} {len(rows):5,} rows   precision {_share(right, len(answered))}"
        f"   recall {_share(right, ours)}   coverage {_share(len(answered), len(rows))}"
        f"   false certainty {_share(wrong, len(certain))} ({wrong} of {len(certain):,})"
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:6.1%}" if whole else "     –"


def _report_confusions(rows: Iterable[Judged]) -> None:
    wrong = Counter(
        (row.label.carrier, row.found.carrier_reference, row.label.kind)
        for row in rows
        if row.is_answered and not row.is_right
    )
    print("  held out, wrong answers")
    for (carrier, answer, kind), count in wrong.most_common():
        print(f"    {count:3}  {carrier:<12} taken for {answer:<12} {kind}")


def _report_calibration(rows: Sequence[Judged]) -> None:
    print("  held out, what a confidence is worth")
    for low, high in pairwise(BINS):
        within = [row for row in rows if row.is_answered and low <= row.found.confidence < high]
        if within:
            said = statistics.mean(row.found.confidence for row in within)
            right = _share(sum(row.is_right for row in within), len(within))
            print(
                f"    {low:.2f}–{high:.2f}  {len(within):5,} answers,"
                f" {said:6.1%} said, {right} right"
            )


def _report_time(labels: Sequence[Label]) -> None:
    """Each text is read once before: shops send few different ones."""
    cold = (
        timeit.timeit(lambda: read_name.__wrapped__("Deutsch Post DHL Versand"), number=500) / 500
    )
    per_kind: dict[str, list[Label]] = defaultdict(list)
    for label in labels:
        per_kind[label.kind].append(label)
    print(f"  µs per match, best of {ROUNDS} rounds")
    for kind, group in sorted([("all", list(labels)), *per_kind.items()]):
        rounds = [
            timeit.timeit(lambda g=group: [_match(x) for x in g], number=1) for _ in range(ROUNDS)
        ]
        print(f"    {kind:<18} {min(rounds) / len(group) * 1e6:6.1f}")
    print(f"    a misspelt text read for the first time: {cold * 1e6:.0f}")
