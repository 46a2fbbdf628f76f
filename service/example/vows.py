"""What the members of Hillside promised each other and the residents, and what became of each promise. All of it is invented.

Days are counted back from the day on which the example is made; below 0 they are still to come. {due} stands for the day it is due.
"""

from dataclasses import dataclass

from service.promises.models import Side, Standing

S = Standing


@dataclass(frozen=True, slots=True)
class Step:
    """What was said about a promise. `by` is one of the people of diary.py; without `to` it is a note on the way."""

    ago: int
    by: str
    to: S | None
    note: str
    evidence: str | None = None
    reason: str | None = None
    successor: str | None = None
    agreed: bool | None = None
    released_by: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """By whom, when, and due when. Nobody: it is the community's part."""

    maker: str | None
    ago: int
    due: int | None


@dataclass(frozen=True, slots=True)
class About:
    """Where it is about, when it is to be looked at again, where it was said, and of which deal it is a part."""

    area: str | None
    review: int | None = None
    source: str | None = None
    deal: str | None = None


@dataclass(frozen=True, slots=True)
class Vow:
    """A promise in its maker's words, what counts as kept, and what was said about it since."""

    text: str
    summary: str
    kept_when: str
    made: Made
    steps: tuple[Step, ...]
    about: About

    @property
    def side(self) -> Side:
        return Side.OUR_PART if self.made.maker else Side.YOUR_PART


MEETING = "The open meeting of the partnership"
TOLD = "What residents told us here"
HEADLINE = "The Hillside deal"
WARM, SAFE, NEAR = "Warm homes", "Streets to walk in", "Help close to home"
