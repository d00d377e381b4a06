"""How often the matcher is right, over the labelled set of `make bench ARGS=carriers`."""

import csv

from benchmarks import carrier_labels
from benchmarks.carriers import CERTAIN, Judged, judge, labels_path, read_labels

HELD_OUT = [row for row in judge(read_labels()) if row.label.half == "held_out"]
ANSWERED = [row for row in HELD_OUT if row.is_answered]


def share_right(rows: list[Judged]) -> float:
    return sum(row.is_right for row in rows) / len(rows)


def test_the_labels_are_those_that_their_sources_make():
    with labels_path().open(newline="") as file:
        _, *kept = csv.reader(file, delimiter="\t")

    assert kept == [list(row) for row in carrier_labels.rows()]


def test_answers_are_right():
    assert share_right(ANSWERED) >= 0.98
    assert share_right([row for row in ANSWERED if row.label.kind != "weak conflict"]) >= 0.995


def test_certainty_is_hardly_ever_false():
    certain = [row for row in ANSWERED if row.found.confidence >= CERTAIN]

    assert len(certain) > 700
    assert share_right(certain) >= 0.995


def test_what_is_no_tracking_number_of_ours_is_not_answered():
    kinds = ("random digits", "no tracking", "foreign")

    assert not [row for row in ANSWERED if row.label.kind in kinds]


def test_a_number_with_its_carriers_name_is_answered():
    rows = [row for row in HELD_OUT if row.label.kind == "number, company"]

    assert sum(row.is_right for row in rows) / len(rows) >= 0.99
