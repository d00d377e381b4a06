"""Which processes live on a data folder."""

import os
from contextlib import suppress
from pathlib import Path

import psutil


def processes_on(data_dir: Path) -> list[psutil.Process]:
    """Every other living process that names the folder, was given it, or works in it."""
    return [
        process
        for process in psutil.process_iter()
        if process.pid != os.getpid() and _is_on(process, data_dir)
    ]


def kill_all_on(data_dir: Path) -> None:
    processes = processes_on(data_dir)
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=5)


def _is_on(process: psutil.Process, data_dir: Path) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE and (
            any(str(data_dir) in word for word in process.cmdline())
            or process.environ().get("DATA_DIR") == str(data_dir)
            or Path(process.cwd()).is_relative_to(data_dir)
        )
    except psutil.Error:
        return False
