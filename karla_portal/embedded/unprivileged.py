"""Under root, a child as a user who is not.

PostgreSQL refuses to run as root, so its processes become `nobody`. Where its binaries or its data
lie under a folder closed to others (a clone in /root, a temporary directory), they keep the one
capability that walks through: CAP_DAC_OVERRIDE, as an ambient one, so that it survives the exec
(capabilities(7)).
"""

import os
import pwd
import stat
from dataclasses import dataclass, replace
from pathlib import Path

from karla_portal.embedded import linux


@dataclass(frozen=True, kw_only=True)
class User:
    """Whom a child becomes; with `walks_through` closed folders stay open to it."""

    uid: int
    gid: int
    walks_through: bool = False


def owner_of(folder: Path) -> User:
    """The user whose the folder is, or `nobody` where that is root."""
    found = folder.stat()
    if found.st_uid:
        return User(uid=found.st_uid, gid=found.st_gid)
    nobody = pwd.getpwnam("nobody")
    return User(uid=nobody.pw_uid, gid=nobody.pw_gid)


def on_the_way_to(user: User, *paths: Path) -> User | None:
    """The user, with the capability if it takes one to reach the paths; None if that is refused."""
    if all(_may_enter(user, folder) for path in paths for folder in path.parents):
        return user
    walker = replace(user, walks_through=True)
    return walker if _may_become(walker) else None


def become(user: User) -> None:
    """Drop root for good; raises OSError where the kernel refuses the capability."""
    if user.walks_through:
        # Without this bit access(2) ignores the capability, and PostgreSQL asks access(2).
        linux.prctl(linux.PR_SET_SECUREBITS, linux.SECBIT_NO_SETUID_FIXUP)
    os.setgroups([])
    os.setgid(user.gid)
    os.setuid(user.uid)
    if user.walks_through:
        linux.set_capabilities(1 << linux.CAP_DAC_OVERRIDE)
        linux.prctl(linux.PR_CAP_AMBIENT, linux.PR_CAP_AMBIENT_RAISE, linux.CAP_DAC_OVERRIDE)


def _may_become(user: User) -> bool:
    """Whether this kernel allows it, tried in a child that does nothing else."""
    child = os.fork()
    if child == 0:
        try:
            become(user)
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def _may_enter(user: User, folder: Path) -> bool:
    found = folder.stat()
    if found.st_uid == user.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == user.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)
