"""What processes hold and burn, sampled while something else happens."""

import threading
import time
from collections import defaultdict
from collections.abc import Mapping

import psutil

MEGABYTE = 1024 * 1024


class Sampler(threading.Thread):
    """Every few seconds the memory (PSS: what is shared counts in parts) of each group of
    processes, and in the end the share of a core that it used."""

    def __init__(self, roots: Mapping[str, int], *, every: float) -> None:
        """`roots`: the first process of each group; its children belong to it."""
        super().__init__(daemon=True)
        self.roots = roots
        self.every = every
        self.is_over = threading.Event()
        self.samples: dict[str, list[tuple[float, float]]] = defaultdict(list)
        """Of each group: seconds, megabytes."""

    def run(self) -> None:
        self.began = time.monotonic()
        self.burnt = {name: _cpu(_group(pid)) for name, pid in self.roots.items()}
        while True:
            for name, pid in self.roots.items():
                at = time.monotonic() - self.began
                self.samples[name].append((at, _megabytes(_group(pid))))
            if self.is_over.wait(self.every):
                break
        self.seconds = time.monotonic() - self.began
        now = {name: _cpu(_group(pid)) for name, pid in self.roots.items()}
        self.cores = {name: (now[name] - self.burnt[name]) / self.seconds for name in self.roots}

    def stop(self) -> None:
        self.is_over.set()
        self.join()

    def slope(self, name: str) -> float:
        """Megabytes a minute over the second half, when caches are full; by least squares."""
        half = self.samples[name][len(self.samples[name]) // 2 :]
        mean_at = sum(at for at, _ in half) / len(half)
        mean = sum(size for _, size in half) / len(half)
        spread = sum((at - mean_at) ** 2 for at, _ in half)
        rise = sum((at - mean_at) * (size - mean) for at, size in half)
        return 60 * rise / spread if spread else 0.0


def _group(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _megabytes(processes: list[psutil.Process]) -> float:
    found = 0
    for process in processes:
        try:
            found += process.memory_full_info().pss
        except psutil.Error:  # it ended meanwhile
            continue
    return found / MEGABYTE


def _cpu(processes: list[psutil.Process]) -> float:
    found = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        found += times.user + times.system
    return found
