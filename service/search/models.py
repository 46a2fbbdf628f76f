"""What is asked of a search, and what it finds."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from service.findable import Kind
from service.people.models import Member

PUBLIC_KINDS = (Kind.PROMISE, Kind.UPDATE, Kind.MESSAGE, Kind.REPLY, Kind.STORY)
KINDS = (Kind.MESSAGE, Kind.ADDITION, Kind.REPLY, Kind.FOLLOW_UP, Kind.STORY, Kind.PROMISE, Kind.UPDATE)
"""In the order of the page: residents come for what was promised, staff for what was said."""


MOST_COUNTED = 1_000
"""Things of one kind that are counted one by one."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who searches where: everybody, or a member at work."""

    place_id: UUID
    time_zone: str
    today: date
    member: Member | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. `area` is a code, or `whole_place`; the days are those of the things found, both included."""

    words: str
    area: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `hit` when it is a word that was looked for."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """The part of a text in which the words stand; cut where it begins or ends within the text."""

    pieces: tuple[Piece, ...]
    cut_before: bool
    cut_after: bool


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found. `opens` is the id of the page on which it stands; to the public `on` is the Monday of a week.

    `where` is an area's name, `who` an organisation's; `state` a code of the thing's own kind of states.
    """

    kind: Kind
    opens: UUID
    passage: Passage
    on: date
    where: str | None
    whole_place: bool
    who: str | None
    state: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind, the newest first. `count` is exact up to `MOST_COUNTED`; beyond that there are more."""

    kind: Kind
    rows: tuple[Found, ...]
    count: int
    next: str | None

    @property
    def most(self) -> int:
        return MOST_COUNTED

    @property
    def is_more(self) -> bool:
        return self.count > MOST_COUNTED
