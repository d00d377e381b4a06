"""What Linux offers and Python has no names for: prctl(2), capset(2) and mallopt(3)."""

import ctypes
import os
import signal
import struct
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
PR_SET_SECUREBITS = 28
PR_SET_CHILD_SUBREAPER = 36
PR_CAP_AMBIENT = 47

PR_CAP_AMBIENT_RAISE = 2
SECBIT_NO_SETUID_FIXUP = 1 << 2
CAP_DAC_OVERRIDE = 1
M_TRIM_THRESHOLD = -1
M_MMAP_THRESHOLD = -3
_CAPABILITY_VERSION_3 = 0x20080522

_LIBC = ctypes.CDLL(None, use_errno=True)


def die_with(parent: int, death_signal: signal.Signals) -> None:
    """Let the kernel send this process `death_signal` when its parent dies; Linux only.

    A change of user or of capabilities clears it again, so it comes last.
    """
    if sys.platform == "linux":
        prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:
            os._exit(1)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends, instead of init; Linux only."""
    if sys.platform == "linux":
        prctl(PR_SET_CHILD_SUBREAPER, 1)


def keep_freed_memory(*, blocks_up_to: int, at_most: int) -> None:
    """Let this process use freed memory again instead of returning it to the kernel, which has to
    clear each of its pages before it gives them out anew.

    So it is with blocks of so many bytes, and `at_most` so many bytes for each thread. Other
    allocators than that of glibc go by rules of their own.
    """
    if mallopt := getattr(_LIBC, "mallopt", None):
        mallopt(M_MMAP_THRESHOLD, blocks_up_to)
        mallopt(M_TRIM_THRESHOLD, at_most)


def prctl(option: int, *arguments: int) -> None:
    """Raises OSError where the kernel refuses."""
    _checked(_LIBC.prctl, option, *(*arguments, 0, 0, 0, 0)[:4])


def set_capabilities(capabilities: int) -> None:
    """Make these bits the permitted, effective and inheritable capabilities; raises OSError."""
    header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
    _checked(_LIBC.capset, header, struct.pack("=3I12x", capabilities, capabilities, capabilities))


def _checked(call: Callable[..., int], *arguments: int | bytes) -> None:
    if call(*arguments) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
