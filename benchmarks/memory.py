"""What processes hold and burn, sampled while something else happens."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt

import psutil

MEBIBYTE = 1024 * 1024
FEWEST = 8
"""Samples that say something of a slope."""

Samples = list[tuple[float, float]]
"""Seconds, MiB."""


@dataclass(frozen=True)
class Slope:
    """Of memory over time, by least squares."""

    per_hour: float
    """MiB."""
    error: float
    """The standard error of that."""

    @property
    def is_growth(self) -> bool:
        """More than the noise of the samples explains, and more than one MiB an hour."""
        return self.per_hour > max(1.0, 3 * self.error)

    def __str__(self) -> str:
        return f"{self.per_hour:+8.1f} ± {self.error:.1f} MiB/h"


class Sampler(threading.Thread):
    """Every few seconds the memory (PSS: what is shared counts in parts) of each process of some
    groups, and in the end the share of a core that each group used."""

    def __init__(self, roots: Mapping[str, int], *, every: float) -> None:
        """`roots`: the first process of each group; its children belong to it."""
        super().__init__(daemon=True)
        self.roots = roots
        self.every = every
        self.is_over = threading.Event()
        self.groups: dict[str, Samples] = defaultdict(list)
        self.processes: dict[tuple[str, int], Samples] = defaultdict(list)
        """By group and process id."""

    def run(self) -> None:
        self.began = time.monotonic()
        self.burnt = {name: _cpu(_group(pid)) for name, pid in self.roots.items()}
        while True:
            for name, pid in self.roots.items():
                self._sample(name, pid)
            if self.is_over.wait(self.every):
                break
        self.seconds = time.monotonic() - self.began
        now = {name: _cpu(_group(pid)) for name, pid in self.roots.items()}
        self.cores = {name: (now[name] - self.burnt[name]) / self.seconds for name in self.roots}

    def _sample(self, name: str, pid: int) -> None:
        at, held = time.monotonic() - self.began, 0.0
        for process in _group(pid):
            try:
                size = process.memory_full_info().pss / MEBIBYTE
            except psutil.Error:  # it ended meanwhile
                continue
            self.processes[name, process.pid].append((at, size))
            held += size
        self.groups[name].append((at, held))

    def stop(self) -> None:
        self.is_over.set()
        self.join()

    def lasting(self, name: str) -> Iterator[Samples]:
        """Of each process of the group that was there all the time."""
        count = len(self.groups[name])
        for (group, _), samples in self.processes.items():
            if group == name and len(samples) == count:
                yield samples


def slope_of(samples: Samples) -> Slope | None:
    """Over the second half, when caches are full; None where there are too few."""
    half = samples[len(samples) // 2 :]
    if len(half) < FEWEST:
        return None
    mean_at = sum(at for at, _ in half) / len(half)
    mean = sum(size for _, size in half) / len(half)
    spread = sum((at - mean_at) ** 2 for at, _ in half)
    slope = sum((at - mean_at) * (size - mean) for at, size in half) / spread
    rest = sum((size - mean - slope * (at - mean_at)) ** 2 for at, size in half)
    return Slope(3600 * slope, 3600 * sqrt(rest / (len(half) - 2) / spread))


def _group(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _cpu(processes: list[psutil.Process]) -> float:
    found = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        found += times.user + times.system
    return found
