"""What a mixture came to, printed: each figure beside its floor."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.load import Measured
from benchmarks.memory import Sampler, slope_of
from benchmarks.mixed_floors import WEBHOOK

WORTH_IT = 1.05
"""Times as many requests that more connections have to bring."""
LONG_ENOUGH = 600.0
"""Seconds, for a slope of memory to be more than what caches take at first."""
BUSY = 0.9
"""The share of all cores from which on they are the limit."""


@dataclass
class Step:
    connections: int
    measured: Measured
    busy: float
    """The share of all cores that worked, for whomever."""


def kinds(measured: Measured, constants: Measured, alone: Mapping[str, float]) -> None:
    print(
        f"  {'':<28} {'a second':>9} {'p50':>9} {'p99':>9}   floor: {'p50':>5} {'p99':>7}"
        "   one alone"
    )
    rows = [*sorted(measured.by_kind.items()), ("all requests", measured)]
    floors = {**constants.by_kind, "all requests": constants}
    for name, one in rows:
        floor = floors[name]
        rows_alone = f"{alone[name]:8.2f} ms" if name in alone else ""
        print(
            f"  {name:<28} {one.rate:9,.1f} {one.percentile(0.5):6.1f} ms"
            f" {one.percentile(0.99):6.1f} ms"
            f"   {floor.percentile(0.5):9.1f} ms {floor.percentile(0.99):4.1f} ms {rows_alone}"
        )
    print(
        "  floor: constant answers of the same sizes, in the same mixture, with as many connections"
        f" ({constants.rate:,.0f} a second); alone: the same rows by psycopg, one after the other"
    )


def webhooks(waits: Measured, told_after: float | None, alone: Mapping[str, float]) -> None:
    if not waits.latencies:
        print("  webhooks: none arrived")
        return
    all_told = (
        "not all were told" if told_after is None else f"all told after {told_after:.1f} s more"
    )
    print(
        f"  {WEBHOOK:<28} {waits.rate:9,.1f} {waits.percentile(0.5):6.1f} ms"
        f" {waits.percentile(0.99):6.1f} ms   {all_told};"
        f" a bare client posts one in {alone[WEBHOOK]:.2f} ms"
    )


def limit(steps: Sequence[Step], sampler: Sampler) -> None:
    print("  the same mixture, by connections")
    for step in steps:
        one = step.measured
        print(
            f"  {step.connections:>28} {one.rate:9,.1f} {one.percentile(0.5):6.1f} ms"
            f" {one.percentile(0.99):6.1f} ms   {step.busy:4.0%} of all cores busy"
        )
    enough = next(
        (
            step
            for step, more in pairwise(steps)
            if more.measured.rate < WORTH_IT * step.measured.rate
        ),
        steps[-1],
    )
    heaviest = sorted(sampler.cores, key=lambda name: -sampler.cores[name])
    used = ", ".join(f"{name} {sampler.cores[name]:.2f}" for name in heaviest)
    why = "the cores are" if enough.busy > BUSY else "waiting is, not the cores,"
    print(
        f"  {why} the limit, at {enough.connections} connections and"
        f" {enough.measured.rate:,.0f} a second; cores used over the run"
        f" (of {len(os.sched_getaffinity(0))}): {used}"
    )


def memory(sampler: Sampler) -> None:
    print("  memory (PSS) at the start and the end, its slope in the second half")
    growing = []
    is_long = sampler.seconds > LONG_ENOUGH
    for name, samples in sampler.groups.items():
        slope = slope_of(samples) if is_long else None
        print(
            f"  {name:<28} {samples[0][1]:6,.0f} MiB {samples[-1][1]:6,.0f} MiB"
            f"   {slope or ''}{_steepest(sampler, name) if is_long else ''}"
        )
        if slope and slope.is_growth:
            growing.append(name)
    if is_long:
        print(f"  grows beyond the noise: {', '.join(growing) or 'nothing'}")
    else:
        print(f"  too short to tell whether it grows: that takes {LONG_ENOUGH:.0f} s, better 1800")


def _steepest(sampler: Sampler, name: str) -> str:
    """Of the processes of a group, the one that grows most."""
    slopes = [found for one in sampler.lasting(name) if (found := slope_of(one))]
    if len(slopes) < 2:
        return ""
    steepest = max(slopes, key=lambda found: found.per_hour)
    return f"; of {len(slopes)} processes the steepest {steepest}"
