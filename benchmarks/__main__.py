"""`make bench`: every benchmark, or those named: `make bench ARGS=upsert`."""

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
os.environ["DATA_DIR"] = str(
    Path(os.environ.get("BENCH_DATA_DIR") or Path(__file__).parent.parent / ".data/bench").resolve()
)
os.environ.setdefault("LOG_LEVEL", "ERROR")
os.environ["API_RATE_LIMIT"] = str(10**9)

django.setup()

from benchmarks import (  # noqa: E402 - the settings read the environment above
    analytics,
    arrival,
    bulk,
    carriers,
    chaos,
    empty,
    export,
    find,
    marks,
    mixed,
    neighbours,
    pages,
    races,
    scans,
    search,
    tracking,
    unchanged,
    upsert,
    webhooks,
)
from benchmarks.product import product  # noqa: E402

BENCHMARKS = {
    "empty": empty.run,
    "upsert": upsert.run,
    "unchanged": unchanged.run,
    "bulk": bulk.run,
    "scans": scans.run,
    "races": races.run,
    "mixed": mixed.run,
    "search": search.run,
    "find": find.run,
    "pages": pages.run,
    "tracking": tracking.run,
    "export": export.run,
    "webhooks": webhooks.run,
    "marks": marks.run,
    "neighbours": neighbours.run,
    "chaos": chaos.run,
}
WITHOUT_PRODUCT = {"carriers": carriers.run, "arrival": arrival.run, "analytics": analytics.run}


def main() -> None:
    known = [*WITHOUT_PRODUCT, *BENCHMARKS]
    wanted = sys.argv[1:] or known
    if unknown := set(wanted) - set(known):
        sys.exit(f"No such benchmark: {', '.join(unknown)}; there are {', '.join(known)}.")
    for name in WITHOUT_PRODUCT.keys() & set(wanted):
        WITHOUT_PRODUCT[name]()
    if with_product := [name for name in wanted if name in BENCHMARKS]:
        with product() as running:
            for name in with_product:
                BENCHMARKS[name](running)


if __name__ == "__main__":
    main()
