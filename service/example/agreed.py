"""What Hillside agreed on: its deals, the steps on the way to a promise, and a hall that the neighbours run. All of it is invented."""

from datetime import date, datetime
from functools import partial
from uuid import UUID

from service.assets.actions import count_access, move_transfer, propose_transfer
from service.assets.models import AccessIn, MoveIn, TransferIn
from service.assets.models import Standing as Stage
from service.example.diary import DAYS, Diary
from service.example.vows import HEADLINE, NEAR, SAFE, WARM
from service.promises.deal_actions import make_deal
from service.promises.deal_models import DealIn, DealLevel
from service.promises.step_actions import add_milestone, reach_milestone
from service.promises.step_models import MilestoneIn, ReachedIn

DEALS = {
    WARM: ("Homes", "We mend what makes homes cold, and open a warm room. You tell us early, and look in on whoever lives alone."),
    SAFE: ("Streets", "We light and mend the ways that people walk. You tell us what is broken, and lend a hand with what grows."),
    NEAR: ("Health", "We bring help to where you live. You come when it fits you, and say when it does not."),
}
STEPS = (
    ("The sheet to ask with is printed", 40, 38),
    ("Every stair has been asked", -20, None),
    ("The order of work is printed", -90, None),
)
"""On the way to asking each stair first: what, due how many days ago, done how many days ago."""

HALL = TransferIn(
    asset="The hall on Hill Road",
    organisation="neighbours",
    about="It stood empty four days of the week. The neighbours asked for the keys.",
    area="hill-road",
)
PLAN = "Three keyholders, a rota on the door, insurance through the hub, and the council's plumber on call for two years."
USERS = (("People over 75", 44, 47), ("People in a wheelchair", 15, 10), ("Young people", 61, 88))
"""Who uses the hall, before and half a year after."""


def agree(diary: Diary) -> None:
    """Makes the deals on the first day, and writes into the diary what is said of the steps and of the hall."""
    first = diary.moment(DAYS, 9)
    speaker = diary.speaker("coordinator")
    head = DealIn(
        title=HEADLINE,
        level=DealLevel.HEADLINE,
        said="We say what we will do and by when, and show it here. You tell us how it is, and bring what you know and can.",
        since=diary.day(DAYS),
    )
    parent = make_deal(diary.writes, speaker, diary.place, head, first)
    for title, (theme, said) in DEALS.items():
        make_deal(diary.writes, speaker, diary.place, DealIn(title=title, theme=theme, said=said, parent=parent), first)
    diary.at(diary.office_hour(50), partial(_write_steps, diary))
    diary.at(diary.office_hour(160), partial(_hand_over, diary))


def _write_steps(diary: Diary, at: datetime) -> None:
    member, promise = diary.staff["council"], diary.promises["stairs"]
    for title, due, done in STEPS:
        step = add_milestone(diary.writes, member, promise, MilestoneIn(title=title, due_on=diary.day(due)), at)
        if done is not None:
            diary.at(diary.office_hour(done), partial(_reach, diary, promise, step))


def _reach(diary: Diary, promise: UUID, step: UUID, at: datetime) -> None:
    given = ReachedIn(done_on=at.date(), note="It is one page, in three languages.")
    reach_milestone(diary.writes, diary.staff["council"], promise, step, given, at)


def _hand_over(diary: Diary, at: datetime) -> None:
    """The hall is proposed; a month later the checks are done, then it moves, and its users are counted again."""
    member = diary.staff["coordinator"]
    hall = propose_transfer(diary.writes, member, HALL, at)
    for people, before, _after in USERS:
        count_access(diary.writes, member, hall, AccessIn(people=people, before=before), at)
    diary.at(diary.office_hour(130), partial(_move, diary, hall, "The plan was read out at the meeting.", Stage.CHECKS_DONE, None))
    moved_on = diary.day(diary.working(121))
    diary.at(diary.office_hour(120), partial(_move, diary, hall, "The keys are theirs.", Stage.TRANSFERRED, moved_on))
    diary.at(diary.office_hour(6), partial(_count_again, diary, hall))


def _move(diary: Diary, hall: UUID, note: str, to: Stage, moved_on: date | None, at: datetime) -> None:
    given = MoveIn(note=note, to=to, plan=PLAN if to == Stage.CHECKS_DONE else None, moved_on=moved_on)
    move_transfer(diary.writes, diary.staff["coordinator"], hall, given, at)


def _count_again(diary: Diary, hall: UUID, at: datetime) -> None:
    member = diary.staff["coordinator"]
    for people, _before, after in USERS:
        count_access(diary.writes, member, hall, AccessIn(people=people, after=after), at)
    move_transfer(diary.writes, member, hall, MoveIn(note="The ramp is locked in the evening. They look for a second key."), at)
