"""`make bench`: every benchmark, or those named: `make bench ARGS=upsert`."""

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "karla_portal.settings")
os.environ["DATA_DIR"] = str(
    Path(os.environ.get("BENCH_DATA_DIR") or Path(__file__).parent.parent / ".data/bench").resolve()
)
os.environ.setdefault("LOG_LEVEL", "ERROR")
os.environ["API_RATE_LIMIT"] = str(10**9)

django.setup()

from benchmarks import (  # noqa: E402 - the settings read the environment above
    bulk,
    chaos,
    neighbours,
    scans,
    upsert,
    webhooks,
)
from benchmarks.product import product  # noqa: E402

BENCHMARKS = {
    "upsert": upsert.run,
    "bulk": bulk.run,
    "scans": scans.run,
    "webhooks": webhooks.run,
    "neighbours": neighbours.run,
    "chaos": chaos.run,
}


def main() -> None:
    wanted = sys.argv[1:] or list(BENCHMARKS)
    if unknown := set(wanted) - set(BENCHMARKS):
        sys.exit(f"No such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}.")
    with product() as running:
        for name in wanted:
            BENCHMARKS[name](running)


if __name__ == "__main__":
    main()
