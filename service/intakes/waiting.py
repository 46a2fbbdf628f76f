"""A file whose form has to be filled in anew: it waits here, so that nobody has to choose it again. An hour, one of each person's."""

import json
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from service.intakes import files
from service.intakes.models import Filed
from service.people.models import Member

MARK = "waits"
"""Beside a file that waits: whose it is, and what it is called. Whoever takes the mark away has the file."""

A_NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that waits, as the page names it. `token` is what the form says of it."""

    token: str
    file_name: str
    size: int


def wait(var: Path, member: Member, filed: Filed) -> Waiting:
    """Has a file wait for a form; one of theirs that waited before gives way."""
    for name in files.names_in(var):
        if name != filed.name and _mark(var, name, member) is not None:
            files.throw_away(var, [name])
    said = {"place": member.place.id.hex, "staff": member.person.staff_id.hex, "called": filed.file_name, "encoding": filed.encoding}
    with (files.folder_in(var) / filed.name / MARK).open("w", encoding="utf-8") as mark:
        os.fchmod(mark.fileno(), 0o600)
        json.dump(said, mark)
    return Waiting(filed.name, filed.file_name, filed.size)


def take_up(var: Path, member: Member, token: str) -> Filed | None:
    """The file that waits for this member's form: once, and to nobody else."""
    said = _mark(var, token, member)
    if said is None:
        return None
    folder = files.folder_in(var) / token
    with suppress(OSError):
        os.utime(folder)  # it is in use, and not left lying there
        (folder / MARK).unlink()
        return Filed(token, said["called"], (folder / said["called"]).stat().st_size, said["encoding"])
    return None


def _mark(var: Path, name: str, member: Member) -> dict[str, str] | None:
    """What is said of a file that waits, if it is this member's."""
    if not A_NAME.fullmatch(name):
        return None
    try:
        said: dict[str, str] = json.loads((files.folder_in(var) / name / MARK).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    mine = (UUID(said["place"]), UUID(said["staff"])) == (member.place.id, member.person.staff_id)
    return said if mine else None
