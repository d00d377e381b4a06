"""Where the servers' Unix sockets lie: beside their data, or elsewhere where that is too deep."""

import hashlib
import os
from pathlib import Path

# sockaddr_un holds 108 bytes with the closing zero (unix(7)).
LONGEST_PATH = 107

# Not tempfile's idea of it: programs with different TMPDIRs must find the same socket.
SHORT = Path("/tmp")  # noqa: S108  # nosec B108


def socket_folder(folder: Path, socket_name: str) -> Path:
    """The folder of a server's socket: `folder` itself, or where that makes the path too long for
    the kernel one under /tmp, named after the user and the path it stands for."""
    if len(os.fsencode(folder / socket_name)) <= LONGEST_PATH:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return SHORT / f"karla-{os.geteuid()}-{digest}"


def make_private(folder: Path, owner: int) -> None:
    """Make the folder, 0700 and the owner's; raises PermissionError where it is another's."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid not in {owner, os.geteuid()}:
        raise PermissionError(
            f"{folder} belongs to user {found.st_uid}: remove it or set another DATA_DIR"
        )
    if found.st_uid != owner:
        os.chown(folder, owner, -1)
    folder.chmod(0o700)
