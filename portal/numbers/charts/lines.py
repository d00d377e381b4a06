"""A chart of lines over time: from series of values to the coordinates that a template draws.

Lines are drawn in a box of 1,000 by 1,000 that is stretched to whatever room there is; what must
not be stretched (words, the lines of the axis) is placed by percentages. The values themselves
lie above the drawing, one cell for each step, to hover over or to walk along with the arrow keys.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from portal.numbers.charts.scale import Scale, percent, scale_of, spread

BOX = 1_000
MOST_SERIES = 5
LEAST_APART = 0.085
"""Of two labels at the ends of lines, as a share of the chart's height."""

Words = Callable[[float], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    name: str
    values: tuple[float | None, ...]
    """None where nothing was counted: the line has a gap."""
    short: str = ""
    """What it is called beside a value, where its name is long."""
    is_before: bool = False
    """Of the period before: thin and grey."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    name: str
    style: str
    """A class: line-before, or line-1 to line-5."""
    pieces: tuple[str, ...]
    """The `points` of polylines."""
    tail: str
    """The `points` of the way to the last value, where that is not all there yet; else empty."""
    dots: tuple[tuple[str, str], ...]
    """Values without neighbours: x and y in the box."""
    label_y: str
    """Where its name stands, at its end; empty where it has no value."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tick:
    y: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What one series says of one step."""

    name: str
    short: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A cell: what all series say of one day, week or month."""

    when: str
    readings: tuple[Reading, ...]
    is_late: bool
    """In the right half, where what is said of it opens to the left."""

    @property
    def said(self) -> str:
        """All of it, a line for each series: what hovering shows, and screen readers read."""
        if len(self.readings) == 1:
            return f"{self.when}\n{self.readings[0].words}"
        return "\n".join([self.when, *(f"{one.words} {one.short}" for one in self.readings)])


@dataclass(frozen=True, kw_only=True, slots=True)
class LineChart:
    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    steps: tuple[Step, ...]
    first: str
    middle: str
    last: str
    """The words below the axis; `middle` is empty where there is no room for it."""

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """The heads of the table: style and name of each line."""
        return tuple((line.style, line.name) for line in self.lines)

    @property
    def has_labels(self) -> bool:
        """Whether the lines must be told apart by their names."""
        return sum(line.style != BEFORE for line in self.lines) > 1


BEFORE = "line-before"
NOTHING = "–"


def line_chart(
    whens: Sequence[str],
    series: Sequence[Series],
    *,
    words: Words,
    tick_words: Words | None = None,
    is_whole: bool = False,
    is_open: bool = False,
) -> LineChart:
    """`whens` names the steps; every series has a value for each. `words` says a value.

    `is_open`: the last step is not over yet.
    """
    now = [one for one in series if not one.is_before][:MOST_SERIES]
    drawn = [one for one in series if one.is_before] + now
    scale = scale_of([value for one in drawn for value in one.values], is_whole=is_whole)
    styles = {id(one): f"line-{place}" for place, one in enumerate(now, start=1)}
    lines = [
        _line(one, styles.get(id(one), BEFORE), scale, is_open=is_open and not one.is_before)
        for one in drawn
    ]
    if len(now) > 1:
        lines = _labels_apart(lines)
    said = [*now, *(one for one in series if one.is_before)]
    return LineChart(
        lines=tuple(lines),
        ticks=tuple(
            Tick(y=percent(1 - scale.height(tick)), words=(tick_words or words)(tick))
            for tick in scale.ticks
        ),
        steps=tuple(
            Step(
                when=when,
                readings=tuple(
                    Reading(
                        name=one.name,
                        short=one.short or one.name,
                        words=NOTHING if (value := one.values[place]) is None else words(value),
                    )
                    for one in said
                ),
                is_late=place >= len(whens) / 2,
            )
            for place, when in enumerate(whens)
        ),
        first=whens[0] if whens else "",
        middle=whens[len(whens) // 2] if len(whens) > 4 else "",
        last=whens[-1] if len(whens) > 1 else "",
    )


def _line(series: Series, style: str, scale: Scale, *, is_open: bool) -> Line:
    runs = list(_runs(series.values, scale))
    tail: Sequence[tuple[str, str]] = ()
    if is_open and series.values[-1] is not None and len(runs[-1]) > 1:
        tail = runs[-1][-2:]
        runs[-1] = runs[-1][:-1]
    last = next((value for value in reversed(series.values) if value is not None), None)
    return Line(
        name=series.name,
        style=style,
        pieces=tuple(_points(run) for run in runs if len(run) > 1),
        tail=_points(tail),
        dots=tuple(run[0] for run in runs if len(run) == 1 and not (tail and run is runs[-1])),
        label_y="" if last is None else percent(1 - scale.height(last)),
    )


def _points(run: Sequence[tuple[str, str]]) -> str:
    return " ".join(f"{x},{y}" for x, y in run)


def _runs(values: Sequence[float | None], scale: Scale) -> Iterator[list[tuple[str, str]]]:
    """Values that follow each other without a gap, as points of the box."""
    run: list[tuple[str, str]] = []
    for x, value in zip(spread(len(values)), values, strict=True):
        if value is None:
            if run:
                yield run
            run = []
        else:
            run.append((f"{BOX * x:.0f}", f"{BOX * (1 - scale.height(value)):.0f}"))
    if run:
        yield run


def _labels_apart(lines: Sequence[Line]) -> list[Line]:
    """Moved down where two would lie on each other, and up again from the bottom."""
    named = sorted(
        (line for line in lines if line.label_y and line.style != BEFORE),
        key=lambda line: float(line.label_y.rstrip("%")),
    )
    heights = [float(line.label_y.rstrip("%")) / 100 for line in named]
    for place in range(1, len(heights)):
        heights[place] = max(heights[place], heights[place - 1] + LEAST_APART)
    lowest = 1.0
    for place in reversed(range(len(heights))):
        heights[place] = min(heights[place], lowest)
        lowest = heights[place] - LEAST_APART
    moved = {line.style: percent(height) for line, height in zip(named, heights, strict=True)}
    return [replace(line, label_y=moved.get(line.style, line.label_y)) for line in lines]
