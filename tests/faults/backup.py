"""A base backup, the WAL that follows it, and the way back to a moment: docs/operations.md, run."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from karla_portal.embedded.postgres import ROLE, Postgres
from karla_portal.embedded.postgres_binaries import find_binaries
from tests.embedded.patience import eventually
from tests.faults.database_settings import change_setting, reset_setting
from tests.faults.installation import Installation

WAY_BACK = ("restore_command", "recovery_target_time", "recovery_target_action", "hot_standby")


@dataclass(frozen=True)
class Backup:
    folder: Path

    @property
    def wal(self) -> Path:
        return self.folder / "wal"

    @property
    def base(self) -> Path:
        return self.folder / "base"

    def begin(self, installation: Installation) -> None:
        """Keep all WAL from now on; takes a restart of PostgreSQL."""
        self.wal.mkdir(parents=True)
        as_owner(installation, self.wal)
        kept = f"{self.wal}/%f"
        for name, value in {
            "archive_mode": "on",
            "archive_command": f"test ! -f {kept} && cp %p {kept}.part && sync {kept}.part"
            f" && mv {kept}.part {kept}",
            "archive_timeout": "1",
        }.items():
            change_setting(installation, name, value)
        installation.kill("database")
        installation.start("database")

    def take(self, installation: Installation) -> None:
        """Of the running server, and looked over."""
        connection = [
            f"--host={Postgres(installation.data_dir).socket_folder}",
            f"--username={ROLE}",
        ]
        program("pg_basebackup", *connection, f"--pgdata={self.base}", "--checkpoint=fast")
        program("pg_verifybackup", "--quiet", self.base)

    def wait_until_archived(self, installation: Installation) -> None:
        """What was written until now lies in the archive, as it would a minute later."""
        [(segment,)] = installation.ask("SELECT pg_walfile_name(pg_switch_wal())")
        eventually((self.wal / str(segment)).exists, within=60)

    def restore(self, installation: Installation, moment: datetime) -> None:
        """The database as it was then; the servers are gone, and so is what they held."""
        cluster = Postgres(installation.data_dir).cluster
        shutil.copytree(self.base, cluster)
        with (cluster / "postgresql.auto.conf").open("a") as settings:
            settings.write(
                f"restore_command = 'cp {self.wal}/%f %p'\n"
                f"recovery_target_time = '{moment.isoformat()}'\n"
                "recovery_target_action = 'promote'\n"
                "hot_standby = off\n"
            )
        (cluster / "recovery.signal").touch()
        as_owner(installation, cluster)
        installation.start("database")  # returns when the moment is reached
        for name in WAY_BACK:
            reset_setting(installation, name)


def as_owner(installation: Installation, folder: Path) -> None:
    """Root gives the folder to whom PostgreSQL runs as."""
    owner = Postgres(installation.data_dir).folder.stat()
    for path in (folder, *folder.rglob("*")):
        if path.stat().st_uid != owner.st_uid:
            os.chown(path, owner.st_uid, owner.st_gid)


def program(name: str, *words: str | Path) -> None:
    done = subprocess.run(
        [find_binaries() / name, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
