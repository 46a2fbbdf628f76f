"""What the figures were measured on: without it they mean nothing to anyone else."""

import os
import platform
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from service.database import sqlite_driver

SYNCS_SECONDS = 0.5
MEMORY_FILE_SYSTEMS = {"tmpfs", "ramfs"}


def cpu() -> str:
    """The processor's model name."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def file_system(folder: Path) -> str:
    """The kind of file system that holds a folder, or `unknown`."""
    try:
        mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    except OSError:
        return "unknown"
    here = folder.resolve()
    holding = [(len(mount[1]), mount[2]) for mount in mounts if here.is_relative_to(mount[1])]
    return max(holding)[1] if holding else "unknown"


def syncs() -> float:
    """How often a small write reaches the disk. Units: fsync per second."""
    with tempfile.TemporaryFile() as file:
        count, started = 0, time.perf_counter()
        while (passed := time.perf_counter() - started) < SYNCS_SECONDS:
            file.write(b"said" * 1024)
            file.flush()
            os.fsync(file.fileno())
            count += 1
    return count / passed


def description() -> list[tuple[str, str]]:
    """The machine, the disk and the programs, as lines of the report."""
    disk = file_system(Path(tempfile.gettempdir()))
    names = ("fastapi", "pydantic", "uvicorn", "uvloop", "sqlalchemy")
    return [
        ("machine", f"{os.cpu_count()} cores, {cpu()}, {platform.system()} {platform.release()}"),
        ("disk", f"{disk}, {syncs():,.0f} fsync a second"),
        ("software", f"Python {platform.python_version()}, SQLite {sqlite_driver().sqlite_version}"),
        ("packages", ", ".join(f"{name} {version(name)}" for name in names)),
    ]


def used() -> float | None:
    """Processor time that everything on this machine has used. Units: seconds; None where the system does not tell."""
    try:
        ticks = [int(part) for part in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    except (OSError, ValueError):
        return None
    user, nice, system, _idle, _waiting, *interrupts = ticks
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")


def used_by(process: int) -> float | None:
    """Processor time that one process has used, all threads. Units: seconds; None where the system does not tell."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def in_memory() -> bool:
    """Whether temporary files never reach a disk: a durable write would then cost nothing, and every ratio would flatter."""
    return file_system(Path(tempfile.gettempdir())) in MEMORY_FILE_SYSTEMS
