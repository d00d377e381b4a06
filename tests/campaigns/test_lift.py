"""Intervals, against published figures and against the truth."""

from math import comb

import pytest

from campaigns.lift import Difference, Share, Verdict


def difference(part, whole, other_part, other_whole):
    return Difference(
        of=Share(part=part, whole=whole), against=Share(part=other_part, whole=other_whole)
    )


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        # Newcombe 1998, table II, method 10.
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((10, 10, 0, 20), 0.6791, 1.0000),
    ],
)
def test_the_interval_of_a_difference_is_the_published_one(counts, low, high):
    assert difference(*counts).interval() == pytest.approx((low, high), abs=5e-5)


def test_the_interval_of_a_share_is_wilsons():
    # Newcombe 1998 (on single proportions), method 3.
    assert Share(part=81, whole=263).interval() == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert Share(part=0, whole=20).interval() == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert Share(part=0, whole=0).interval() == (0.0, 1.0)
    assert Share(part=0, whole=0).value is None


@pytest.mark.parametrize(
    ("size", "share", "other_size", "other_share"),
    [(120, 0.12, 30, 0.08), (60, 0.05, 60, 0.05), (40, 0.5, 40, 0.3), (200, 0.02, 40, 0.01)],
)
def test_the_interval_holds_the_truth_as_often_as_it_says(size, share, other_size, other_share):
    """Every outcome that there can be, weighted by how likely it is."""
    truth, covered = share - other_share, 0.0
    for part in range(size + 1):
        likely = chance(part, size, share)
        if likely < 1e-9:
            continue
        for other in range(other_size + 1):
            low, high = difference(part, size, other, other_size).interval()
            if low <= truth <= high:
                covered += likely * chance(other, other_size, other_share)

    assert 0.93 < covered < 0.995


def chance(part, size, share):
    return comb(size, part) * share**part * (1 - share) ** (size - part)


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ((20, 29, 1, 1000), Verdict.TOO_FEW),
        ((500, 1000, 0, 29), Verdict.TOO_FEW),
        ((0, 0, 0, 0), Verdict.TOO_FEW),
        ((120, 1000, 30, 300), Verdict.UNCLEAR),
        ((200, 1000, 30, 300), Verdict.MORE),
        ((60, 1000, 40, 300), Verdict.FEWER),
    ],
)
def test_the_verdict_is_careful(counts, verdict):
    assert difference(*counts).verdict is verdict


def test_a_difference_that_is_not_there_is_seldom_found():
    """Where both shares are the same, one in twenty verdicts may be wrong, no more."""
    size, share, wrong = 60, 0.2, 0.0
    for part in range(size + 1):
        for other in range(size + 1):
            if difference(part, size, other, size).verdict in (Verdict.MORE, Verdict.FEWER):
                wrong += chance(part, size, share) * chance(other, size, share)

    assert 0.02 < wrong < 0.06
