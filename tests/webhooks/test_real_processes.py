"""The benchmarks' scenarios in small: real servers, a worker that is killed, a real receiver."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.embedded.surroundings import surroundings

PROJECT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow


def run_benchmark(name: str, data_dir: Path, **environment: str) -> str:
    """Fails where what it must show is not so, and says what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", name],
        cwd=PROJECT,
        env=surroundings(data_dir, BENCH_DATA_DIR=str(data_dir), **environment),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_workers_that_are_killed_and_a_broker_that_restarts_lose_nothing(tmp_path):
    said = run_benchmark(
        "chaos",
        tmp_path / "chaos",
        CHAOS_EVENTS="600",
        CHAOS_KILL_EVERY="0.3",
        CHAOS_MOST_TWICE="0.2",
    )

    assert "none lost, none too many, all signatures right" in said
