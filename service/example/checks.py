"""What residents of Hillside say of its promises: with the code of a message, with an invitation, and without either."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from service.checks.actions import WrongCode, check_promise, decide_comment, invite_to_check
from service.checks.models import CheckIn, Verdict, Wish
from service.checks.queries import find_codes, find_seen
from service.example.diary import Diary
from service.promises.models import Promise

Y, P, N, X = Verdict.YES, Verdict.PARTLY, Verdict.NO, Verdict.DO_NOT_KNOW


@dataclass(frozen=True, slots=True)
class Asked:
    """Who invited how many, how many days ago, and what was said: with invitations, with codes of messages, without a code."""

    by: str
    ago: int
    invited: int
    said: tuple[Verdict, ...]
    told: tuple[Verdict, ...]
    open: tuple[Verdict, ...]
    saw: str


ASKED = {
    "ringing": Asked("hub", 13, 12, (Y, Y, P, X), (P,), (Y,) * 9 + (N,) * 2, "I was rung back on the third day, and they said sorry."),
    "crossing": Asked(
        "neighbours", 6, 14, (N, Y, N, N, N, N, Y), (N, N), (N,) * 6 + (Y,), "The button is there and the light never turns green."
    ),
    "bench": Asked("neighbours", 74, 8, (Y, Y, Y, Y, Y, Y, P), (), (Y,) * 4, "I sit there every morning now."),
}


def check(diary: Diary) -> None:
    """Writes into the diary who was asked, and what they said."""
    for name, asked in ASKED.items():
        diary.at(diary.moment(asked.ago, 20), partial(_ask, diary, name, asked))


def _ask(diary: Diary, name: str, asked: Asked, at: datetime) -> None:
    writes, keys, promise = diary.writes, diary.keys, diary.promises[name]
    member = diary.staff[asked.by]
    made = invite_to_check(writes, keys, member, promise, asked.invited, at)
    codes = find_codes(writes, keys, member, promise, made.id, at)
    for number, (verdict, code) in enumerate(zip(asked.said, codes, strict=False)):
        area, saw = "linden" if number % 2 else "hill-road", asked.saw if number == 0 else None
        _say(diary, name, CheckIn(verdict=verdict, receipt=code, area=area, comment=saw, share=Wish.WORDS_PUBLIC), at)
    for verdict in asked.told:
        while not _say(diary, name, CheckIn(verdict=verdict, receipt=diary.codes.pop(0)), at):
            continue
    for verdict in asked.open:
        _say(diary, name, CheckIn(verdict=verdict), at)
    row = writes.get_one(Promise, (diary.place.id, promise))
    for seen in find_seen(writes, diary.staff["coordinator"], row):
        decide_comment(writes, diary.staff["coordinator"], promise, seen.id, at, publish=True)


def _say(diary: Diary, name: str, given: CheckIn, at: datetime) -> bool:
    """Whether it was counted: a message that was taken back has no code any more."""
    try:
        check_promise(diary.writes, diary.keys, diary.place, diary.promises[name], given, at)
    except WrongCode:
        return False
    return True
