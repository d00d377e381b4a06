"""From series to coordinates: pure functions."""

from itertools import pairwise

import pytest

from portal.numbers.charts.bars import bars_of
from portal.numbers.charts.lines import BEFORE, Series, line_chart
from portal.numbers.charts.scale import scale_of
from portal.numbers.charts.sparks import spark_of


def chart(*series: Series, **options):
    whens = [f"day {place}" for place, _ in enumerate(series[0].values, start=1)]
    return line_chart(whens, series, words=str, **options)


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([14.0, 3.0], (0, 5, 10, 15)),
        ([0.97], (0, 0.25, 0.5, 0.75, 1.0)),
        ([0.04, None], (0, 0.01, 0.02, 0.03, 0.04)),
        ([1_250.0], (0, 500, 1_000, 1_500)),
        ([0.0, None], (0, 1)),
        ([], (0, 1)),
    ],
)
def test_an_axis_begins_at_zero_and_ends_at_a_round_number(values, ticks):
    assert scale_of(values).ticks == pytest.approx(ticks)


def test_an_axis_of_counts_has_no_halves():
    assert scale_of([3], is_whole=True).ticks == (0, 1, 2, 3)
    assert scale_of([5], is_whole=True).ticks == (0, 2, 4, 6)


def test_every_value_lies_below_the_top():
    for value in (0.001, 0.3, 1, 9.99, 10, 101, 25_000.5):
        assert value <= scale_of([value]).top <= 2.5 * value


def test_a_line_runs_through_the_middles_of_its_steps():
    [line] = chart(Series(name="now", values=(0.0, 10.0))).lines

    assert line.pieces == ("250,1000 750,0",)


def test_a_line_has_a_gap_where_nothing_was_counted():
    [line] = chart(Series(name="now", values=(1.0, 1.0, None, 1.0))).lines

    assert [len(piece.split()) for piece in line.pieces] == [2]
    assert line.dots == (("875", "0"),)


def test_the_way_to_a_step_that_is_not_over_is_drawn_apart():
    [line] = chart(Series(name="now", values=(2.0, 4.0, 1.0)), is_open=True).lines

    assert [len(piece.split()) for piece in line.pieces] == [2]
    assert line.tail.split()[0] == line.pieces[0].split()[-1]


def test_the_period_before_is_drawn_below_and_told_after():
    drawn = chart(
        Series(name="now", values=(1.0, 2.0)),
        Series(name="then", values=(2.0, None), is_before=True),
    )

    assert [line.style for line in drawn.lines] == [BEFORE, "line-1"]
    assert not drawn.has_labels
    assert [reading.words for reading in drawn.steps[1].readings] == ["2.0", "–"]


def test_names_at_the_ends_of_lines_do_not_lie_on_each_other():
    drawn = chart(*(Series(name=f"s{number}", values=(1.0, 5.0)) for number in range(5)))

    heights = sorted(float(line.label_y.rstrip("%")) for line in drawn.lines)
    assert all(later - earlier > 8 for earlier, later in pairwise(heights))
    assert heights[0] >= 0
    assert heights[-1] <= 100


def test_no_chart_has_more_than_five_lines():
    drawn = chart(*(Series(name=f"s{number}", values=(1.0,)) for number in range(7)))

    assert len(drawn.lines) == 5


def test_bars_begin_at_zero_and_the_longest_fills_its_room():
    assert [bar.width for bar in bars_of([8, 2, 0, None])] == ["100.0", "25.0", "0", "0"]
    assert [bar.width for bar in bars_of([0.0, 0.0])] == ["0", "0"]


def test_a_spark_goes_from_its_least_value_to_its_greatest_and_on_over_gaps():
    spark = spark_of([1, None, 3, 2])

    assert spark.points == "15.0,29.0 75.0,3.0 105.0,16.0"
    assert spark.end == ("105.0", "16.0")


@pytest.mark.parametrize("values", [[], [1], [None, 1, None]])
def test_one_value_makes_no_spark(values):
    assert spark_of(values) is None
