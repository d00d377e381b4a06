"""`python -m checks.licences`: the licence of everything that is installed to run the product.

Fails on one that licences.toml does not allow, and on a package that states none. `--sbom FILE`
writes the list as a CycloneDX document (a bill of materials).
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from email.message import Message
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, cast

from license_expression import ExpressionError, get_spdx_licensing
from packaging.markers import Marker

from karla_portal.version import VERSION

HERE = Path(__file__).parent
PROJECT = HERE.parent
REQUIREMENTS = (
    "requirements.txt",
    "requirements-carriers.txt",
    "requirements-otel.txt",
    "requirements-s3.txt",
)
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==[^\s;]+(?: ; ([^\\\n]+))?", re.MULTILINE)
SPDX = get_spdx_licensing()


@dataclass(frozen=True, kw_only=True)
class Policy:
    allowed: frozenset[str]
    """SPDX ids."""
    classifiers: dict[str, str]
    """What packages say in other words, and which SPDX id that means."""
    reviewed: dict[str, str]
    """Packages whose metadata say nothing clear: the licence that was read in their source."""

    @classmethod
    def read(cls, said: str) -> "Policy":
        policy = tomllib.loads(said)
        return cls(
            allowed=frozenset(policy["allowed"]),
            classifiers=policy["in_other_words"],
            reviewed={name: entry["licence"] for name, entry in policy["reviewed"].items()},
        )

    def refusal(self, name: str, stated: list[str]) -> str | None:
        """Why a package with these statements may not be used, if so."""
        licence = self.licence(name, stated)
        if licence is None:
            return f"{name} states no licence that is known: {stated or 'nothing'}"
        if not self.allows(licence):
            return f"{name} is under {licence}, which licences.toml does not allow"
        return None

    def licence(self, name: str, stated: list[str]) -> str | None:
        """As an SPDX expression; None where what is stated says none."""
        if name in self.reviewed:
            return self.reviewed[name]
        for said in stated:
            candidate = self.classifiers.get(said, said)
            try:
                SPDX.parse(candidate, validate=True)
            except ExpressionError:
                continue
            return candidate
        return None

    def allows(self, expression: str) -> bool:
        """One of what is offered (OR), all of what is asked (AND)."""
        parsed = SPDX.parse(expression)
        allowed = {SPDX.parse(name): SPDX.TRUE for name in self.allowed}
        rest = {symbol: SPDX.FALSE for symbol in parsed.symbols if symbol not in allowed}
        return bool(parsed.subs({**allowed, **rest}).simplify() == SPDX.TRUE)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sbom", type=Path)
    arguments = parser.parse_args()
    policy = Policy.read((HERE / "licences.toml").read_text("utf-8"))
    needed = sorted(_needed())
    installed = {name: found for name in needed if (found := _found(name))}
    absent = [name for name in needed if name not in installed]
    refusals = [
        *(f"{name} is pinned and not installed: nobody knows its licence" for name in absent),
        *filter(None, (policy.refusal(name, statements(one)) for name, one in installed.items())),
    ]
    for refusal in refusals:
        print(refusal, file=sys.stderr)
    print(f"{len(installed)} packages, {len(refusals)} licences refused.")
    if arguments.sbom:
        licences = {
            name: str(policy.licence(name, statements(found))) for name, found in installed.items()
        }
        arguments.sbom.parent.mkdir(parents=True, exist_ok=True)
        arguments.sbom.write_text(json.dumps(bill_of_materials(licences), indent=1) + "\n")
        print(f"Written to {arguments.sbom}.")
    return 1 if refusals else 0


def statements(package: Distribution) -> list[str]:
    """What the package's metadata say of its licence, the clearest first."""
    said: Message = cast("Any", package.metadata)
    classifiers = said.get_all("Classifier") or []
    return [
        *filter(None, [said.get("License-Expression")]),
        *(line.rsplit(" :: ", 1)[1] for line in classifiers if line.startswith("License ::")),
        *filter(None, [(said.get("License") or "").strip().split("\n")[0]]),
    ]


def bill_of_materials(licences: dict[str, str]) -> dict[str, Any]:
    """cyclonedx-py lists the environment; what is only there to develop is left out again."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sbom.json"
        subprocess.run(  # noqa: S603
            [
                *(sys.executable, "-m", "cyclonedx_py", "environment", sys.prefix),
                *("--pyproject", str(PROJECT / "pyproject.toml"), "--output-reproducible"),
                *("--output-format", "JSON", "--output-file", str(path)),
            ],
            check=True,
        )
        document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    document["metadata"]["component"]["version"] = VERSION
    kept = [one for one in document["components"] if _plain(one["name"]) in licences]
    for component in kept:
        component["licenses"] = [{"expression": licences[_plain(component["name"])]}]
    refs = {one["bom-ref"] for one in kept} | {document["metadata"]["component"]["bom-ref"]}
    document["components"] = kept
    document["dependencies"] = [
        {**one, "dependsOn": [ref for ref in one.get("dependsOn", []) if ref in refs]}
        for one in document.get("dependencies", [])
        if one["ref"] in refs
    ]
    return document


def _needed() -> set[str]:
    """Those of the pinned packages that this platform and Python need."""
    return {
        _plain(name)
        for path in REQUIREMENTS
        for name, marker in PINNED.findall((PROJECT / path).read_text("utf-8"))
        if not marker or Marker(marker).evaluate()
    }


def _found(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main())
