"""What the inbox is made of: its parts, what a row asks for, and what it can be narrowed to."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Part(StrEnum):
    """A part of the inbox: all that this member owes, one kind of it, or what is read and answered."""

    DUTIES = "duties"
    OWED = "owed"
    PROPOSED = "proposed"
    OFFERED = "offered"
    STORIES = "stories"
    PROMISES = "promises"
    SEEN = "seen"
    TASKS = "tasks"
    OUTSIDE = "outside"
    UNREAD = "unread"
    ANSWERED = "answered"


class Ask(StrEnum):
    """What a row asks this member to do."""

    ANSWER = "answer"
    SHOW = "show"
    CHECK = "check"
    TELL = "tell"


@dataclass(frozen=True, slots=True)
class OtherRow:
    """What is neither message, nor story, nor promise: `what` says which. `of`: the page that it is on; `number`: how many at once."""

    what: str
    id: UUID
    of: UUID
    title: str
    by: str | None = None
    excerpt: str = ""
    area: str | None = None
    whole_place: bool = False
    number: int = 1
    urgent: bool = False
    due_on: date | None = None


class Whose(StrEnum):
    """Who has taken a message on."""

    MINE = "mine"
    NOBODYS = "nobodys"


NONE = "none"
"""Stands for no area said, and for no organisation yet, where one could be named."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the inbox, and what of it; what is empty does not matter. All but `part` and `whose` are codes."""

    part: Part
    topic: str = ""
    area: str = ""
    organisation: str = ""
    kind: str = ""
    whose: str = ""

    @property
    def narrowed(self) -> dict[str, str]:
        """What was chosen, as the address says it."""
        named = {"topic": self.topic, "area": self.area, "organisation": self.organisation, "kind": self.kind, "whose": self.whose}
        return {name: value for name, value in named.items() if value}
