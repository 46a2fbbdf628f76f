"""What the inbox is made of: its parts, what a row asks for, and what it can be narrowed to."""

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """A part of the inbox: all that this member owes, one kind of it, or what is read and answered."""

    DUTIES = "duties"
    OWED = "owed"
    OFFERED = "offered"
    STORIES = "stories"
    PROMISES = "promises"
    UNREAD = "unread"
    ANSWERED = "answered"


class Ask(StrEnum):
    """What a row asks this member to do."""

    ANSWER = "answer"
    SHOW = "show"
    CHECK = "check"


class Whose(StrEnum):
    """Who has taken a message on."""

    MINE = "mine"
    NOBODYS = "nobodys"


NONE = "none"
"""Stands for no area said, and for no organisation yet, where one could be named."""


class Bulk(StrEnum):
    """What can be done with several messages at once."""

    READ = "read"
    TAKE = "take"
    SEND_ON = "pass_on"


@dataclass(frozen=True, slots=True)
class Done:
    """What was done with the messages that were marked: `done` of `marked`. None of none: it was not said where to."""

    act: Bulk
    done: int
    marked: int


def read_done(text: str) -> Done | None:
    """What an address says was done, for instance `take.3.4`; None for anything else."""
    act, *numbers = text.split(".")
    if act not in set(Bulk) or len(numbers) != 2 or not all(number.isdecimal() and len(number) < 4 for number in numbers):
        return None
    return Done(Bulk(act), *(int(number) for number in numbers))


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
