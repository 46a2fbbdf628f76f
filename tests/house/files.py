"""The project's own files, as the rules of the house read them."""

import os
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = {".git", ".hypothesis", ".venv", "__pycache__", "node_modules", "var"}
"""Folders that hold what was made, where no Git tells them apart."""


@cache
def ours() -> tuple[str, ...]:
    """Every file that is, or could be, committed: paths from the top."""
    try:
        listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        found = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        found = list(_walked())
    return tuple(sorted(path for path in found if path and (ROOT / path).is_file()))


def _walked() -> Iterator[str]:
    for folder, below, names in os.walk(ROOT):
        below[:] = [name for name in below if name not in MADE and not name.endswith(("_cache", ".egg-info"))]
        yield from ((Path(folder) / name).relative_to(ROOT).as_posix() for name in names)


def texts(*suffixes: str, under: Iterable[str] = ("",)) -> Iterator[tuple[str, str]]:
    """Path and text of our files with these endings (all, without any) in these folders. Pictures and the like are left out."""
    folders = tuple(under)
    for path in ours():
        if path.startswith(folders) and (not suffixes or path.endswith(suffixes)):
            try:
                yield path, (ROOT / path).read_text("utf-8")
            except UnicodeDecodeError:
                continue


def told(complaints: Iterable[str], advice: str) -> str:
    """What a failing rule says: what to do, then where."""
    return advice + "\n" + "\n".join(complaints)
