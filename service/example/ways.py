"""What gets in the way in Hillside: what the stories name, and what became of it when somebody looked into it. All of it is invented."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from service.example.diary import Diary
from service.narratives.models import Narrative
from service.system_health.actions import enter_words, move_barrier
from service.system_health.models import BarrierStory, MoveIn, RuleKind, Standing

S = Standing


@dataclass(frozen=True, slots=True)
class Turn:
    """What was said of a barrier, so many days after the story that named it."""

    after: int
    said: MoveIn


WAYS: dict[str, tuple[Turn, ...]] = {
    "A form that has to go first, and nobody knows why": (
        Turn(
            6,
            MoveIn(
                to=S.LOOKED_INTO,
                theme="A paper form must arrive before anybody may visit",
                note="Asked the council's desk where this comes from.",
            ),
        ),
        Turn(
            19,
            MoveIn(
                to=S.CUSTOM_NOT_RULE,
                note="Nobody can find a rule. It was for a computer that was switched off in 2019.",
                changer="The council's desk",
            ),
        ),
        Turn(33, MoveIn(to=S.CHANGED, note="The visit may come first now. The form is filled in at the door.")),
    ),
    "Four signatures for one piece of news": (
        Turn(
            9,
            MoveIn(to=S.LOOKED_INTO, theme="Four bodies each want a signature before news of one person is shared", note="Asked all four."),
        ),
        Turn(
            24,
            MoveIn(
                to=S.REAL_RULE,
                note="Two of the four are needed. The other two are habit.",
                rule_kind=RuleKind.DATA_SHARING,
                source="Information sharing agreement of the partnership, section 4",
                changer="The board of the partnership",
            ),
        ),
        Turn(40, MoveIn(to=S.ESCALATED, note="The board has it on its list for its next meeting.")),
    ),
}
"""By the words in which a story named it."""


def meet(diary: Diary, story: Narrative, told_ago: int, at: datetime) -> None:
    """A story names what got in the way; what comes of it follows."""
    enter_words(diary.writes, diary.staff["coordinator"].actor, diary.place, story, at)
    named = diary.writes.get(BarrierStory, (diary.place.id, story.id))
    for turn in WAYS.get(story.barrier or "", ()):
        if named is not None:
            moment = diary.office_hour(told_ago - turn.after)
            diary.at(moment, partial(move_barrier, diary.writes, diary.staff["coordinator"], named.barrier_id, turn.said))
