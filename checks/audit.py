"""`python -m checks.audit`: known vulnerabilities in what is pinned, by pip-audit and OSV.

Fails on a finding. What is accepted for now stands in audit.toml, each with a reason and a day
after which it is a finding again. Where the database of vulnerabilities cannot be reached it says
so loudly, and does not fail: a build on a closed network proves nothing, and must not pretend to.
"""

import json
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PINNED = (
    "requirements.txt",
    "requirements-carriers.txt",
    "requirements-otel.txt",
    "requirements-s3.txt",
)
REQUIREMENTS = [HERE.parent / name for name in PINNED]
UNREACHABLE = (
    "ConnectionError",
    "ConnectTimeout",
    "Max retries",
    "Could not connect",
    "ProxyError",
)
RULER = "!" * 80
TIMEOUT = 5  # seconds for each question


class Unreachable(Exception):
    """Nobody could be asked."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    package: str
    version: str
    id: str
    aliases: tuple[str, ...]
    mended_in: tuple[str, ...]

    def __str__(self) -> str:
        mended = ", ".join(self.mended_in) or "no version yet"
        return f"{self.package} {self.version}: {self.id}, mended in {mended}"


def main(arguments: Sequence[str] = ()) -> int:
    accepted = read_accepted((HERE / "audit.toml").read_text("utf-8"), date.today())
    try:
        findings = audit(REQUIREMENTS, arguments)
    except Unreachable as problem:
        print(
            f"\n{RULER}\nNOT AUDITED: the database of vulnerabilities cannot be reached.\n"
            f"{problem}\nRun `make audit` where there is a network, before a release.\n{RULER}\n",
            file=sys.stderr,
        )
        return 0
    open_findings = [one for one in findings if not {one.id, *one.aliases} & accepted]
    for finding in open_findings:
        print(finding, file=sys.stderr)
    print(f"{len(findings)} findings, {len(findings) - len(open_findings)} of them accepted.")
    return 1 if open_findings else 0


def read_accepted(said: str, today: date) -> set[str]:
    """The ids that are accepted today; raises ValueError for one without a reason."""
    accepted = set()
    for entry in tomllib.loads(said).get("accepted", []):
        if not str(entry.get("reason", "")).strip():
            raise ValueError(f"{entry['id']} is accepted without a reason.")
        if entry["until"] >= today:
            accepted.add(str(entry["id"]))
    return accepted


def audit(requirements: Sequence[Path], arguments: Sequence[str] = ()) -> list[Finding]:
    """Raises Unreachable, or RuntimeError where pip-audit itself fails."""
    asked = [word for path in requirements for word in ("--requirement", str(path))]
    run = subprocess.run(  # noqa: S603
        [
            *(sys.executable, "-m", "pip_audit", *asked, "--disable-pip", "--format", "json"),
            *("--vulnerability-service", "osv", "--timeout", str(TIMEOUT)),
            *("--progress-spinner", "off", *arguments),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if not run.stdout.strip():
        if any(sign in run.stderr for sign in UNREACHABLE):
            raise Unreachable(run.stderr.strip().splitlines()[-1][:300])
        raise RuntimeError(f"pip-audit failed:\n{run.stderr}")
    return findings_of(json.loads(run.stdout))


def findings_of(report: dict[str, Any]) -> list[Finding]:
    return [
        Finding(
            package=package["name"],
            version=package["version"],
            id=found["id"],
            aliases=tuple(found["aliases"]),
            mended_in=tuple(found["fix_versions"]),
        )
        for package in report["dependencies"]
        for found in package.get("vulns", [])
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
