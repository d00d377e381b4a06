"""What every request costs: the web server's CPU time for an authenticated answer of nothing."""

import statistics
from itertools import cycle

import psutil

from benchmarks.constant import constant_request
from benchmarks.load import measure
from benchmarks.product import Product

ROUNDS = 5
SECONDS = 3.0
CONNECTIONS = 8


def run(product: Product) -> None:
    asked = {
        "a constant": constant_request(product, 2),
        "GET /orders that finds none": product.request("GET", "/orders?order_number=none"),
    }
    costs: dict[str, list[float]] = {name: [] for name in asked}
    for request in asked.values():
        measure(product.port, cycle([request]), connections=CONNECTIONS, seconds=1)
    for _ in range(ROUNDS):
        for name, request in asked.items():
            costs[name].append(_cpu_per_request(product, request))
    print(f"an empty authenticated answer, medians of {ROUNDS} rounds, {CONNECTIONS} connections")
    for name, rounds in costs.items():
        print(f"  {name:<28} {statistics.median(rounds) * 1e6:6,.0f} µs of the web server's CPU")


def _cpu_per_request(product: Product, request: bytes) -> float:
    """Seconds, in user and kernel mode, of all web processes."""
    before = _cpu_seconds(product.web_pid)
    measured = measure(product.port, cycle([request]), connections=CONNECTIONS, seconds=SECONDS)
    return (_cpu_seconds(product.web_pid) - before) / len(measured.latencies)


def _cpu_seconds(pid: int) -> float:
    web = psutil.Process(pid)
    times = [process.cpu_times() for process in (web, *web.children(recursive=True))]
    return sum(spent.user + spent.system for spent in times)
