"""The built wheel, installed into an environment of its own, is the same product."""

import json
import os
import re
import socket
import subprocess
import sys
import sysconfig
import urllib.request
import venv
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import pytest

from karla_portal.embedded.environment import PROJECT
from karla_portal.version import VERSION
from tests.documented_order import documented_placement
from tests.embedded.population import kill_all_on
from tests.embedded.surroundings import NAMED_SERVERS

HOST = "127.0.0.1"
OFFLINE = ("--no-deps", "--no-index")
ELSEWHERE = NAMED_SERVERS | {"DATA_DIR", "DJANGO_SETTINGS_MODULE", "PYTHONPATH", "VIRTUAL_ENV"}
NOT_INSTALLED = {".ci", "benchmarks", "checks", "deploy", "docs", "ops", "pictures", "tests"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", *OFFLINE, "--no-build-isolation", "--wheel-dir", str(folder), str(PROJECT))
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def commands(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment with the wheel, and this one's dependencies."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    pip("--python", str(folder / "bin" / "python"), "install", *OFFLINE, str(wheel))
    packages = next(folder.glob("lib/python*/site-packages"))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin"


def pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *arguments], check=True)


def test_the_wheel_holds_what_the_checkout_does(wheel: Path) -> None:
    held = set(ZipFile(wheel).namelist())
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.split()

    for name in tracked:
        path = Path(name)
        if path.parts[0] in {"static", "templates"} or path.is_relative_to("docs/receivers"):
            assert f"karla_portal/assets/{name}" in held
        elif len(path.parts) > 1 and path.parts[0] not in NOT_INSTALLED:
            assert str(path.with_suffix(".mo") if path.suffix == ".po" else path) in held


def test_it_says_its_version(commands: Path, tmp_path: Path) -> None:
    said = run(commands, tmp_path, "--version")
    assert said.strip() == VERSION


@pytest.mark.slow
def test_the_installed_wheel_runs_the_product(commands: Path, tmp_path: Path) -> None:
    with running(commands, tmp_path) as address:
        assert (tmp_path / ".data" / "postgresql").exists()

        with urllib.request.urlopen(f"{address}/login") as page:
            html = page.read().decode()
        styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
        assert styles
        for style in styles:
            with urllib.request.urlopen(address + style) as css:
                assert css.headers["Content-Type"].startswith("text/css")
                assert "immutable" in css.headers["Cache-Control"]  # whitenoise knows its digest

        request = urllib.request.Request(f"{address}/login", headers={"Accept-Language": "de"})
        with urllib.request.urlopen(request) as page:
            assert "Passwort" in page.read().decode()

        run(commands, tmp_path, "createshop", "wheel", "--name", "Wheel")
        key = run(commands, tmp_path, "createapikey", "wheel", "--username", "w").split()[-1]
        request = urllib.request.Request(
            f"{address}/v1/shops/wheel/orders",
            data=json.dumps(documented_placement()).encode(),
            headers={
                "Authorization": "Basic " + b64encode(f"w:{key}".encode()).decode(),
                "Content-Type": "application/json",
            },
            method="PUT",
        )
        with urllib.request.urlopen(request) as answer:
            assert answer.headers["Karla-Outcome"] == "created"


@contextmanager
def running(commands: Path, folder: Path) -> Iterator[str]:
    """The product runs with its data in the folder it was started in."""
    with socket.create_server((HOST, 0)) as free:
        port = str(free.getsockname()[1])
    with subprocess.Popen(
        [commands / "karla-portal", "run"],
        cwd=folder,
        env=environment() | {"HOST": HOST, "PORT": port, "DEMO": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            printed = ""
            for line in process.stdout:
                printed += line
                if line.startswith("Ready."):
                    break
            else:
                pytest.fail(printed)
            yield f"http://{HOST}:{port}"
        finally:
            process.kill()
            kill_all_on(folder / ".data")


def run(commands: Path, folder: Path, *arguments: str) -> str:
    return subprocess.run(
        [commands / "karla-portal", *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
