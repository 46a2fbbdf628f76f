"""The promises of the example, made and moved by the people of the diary."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from service.days import local_day
from service.example.diary import Diary
from service.example.vows import Step, Vow
from service.example.vows_due import DUE
from service.example.vows_open import OPEN
from service.promises.actions import make_promise, report_progress
from service.promises.models import ProgressIn, PromiseIn

VOWS = {**DUE, **OPEN}


def promise(diary: Diary, *, by_answers: Collection[str]) -> None:
    """Writes into the diary when each promise was made, and what was said of it since. Some are made by the answer to a message."""
    for name, vow in VOWS.items():
        if name not in by_answers:
            diary.at(diary.moment(vow.made.ago, 11), partial(make, diary, name))
        before = diary.moment(vow.made.ago, 18)
        for step in vow.steps:
            before = max(diary.office_hour(step.ago), before + timedelta(minutes=50))
            diary.at(before, partial(_say, diary, name, step))


def make(diary: Diary, name: str, at: datetime) -> UUID:
    """Makes a promise now; answers its id."""
    vow = VOWS[name]
    given = PromiseIn(
        text=vow.text.format(due=_in_full(diary.day(vow.made.due))) if vow.made.due is not None else vow.text,
        side=vow.side,
        maker=vow.made.maker,
        made_on=local_day(at, diary.place.time_zone),
        due_on=diary.day(vow.made.due) if vow.made.due is not None else None,
        review_by=diary.day(vow.about.review) if vow.about.review is not None else None,
        kept_when=vow.kept_when,
        source=vow.about.source,
        area=vow.about.area,
        whole_place=vow.about.area is None,
        deal=vow.about.deal,
        summary=vow.summary,
    )
    row = make_promise(diary.writes, diary.speaker(_maker(vow)), diary.place, given, at)
    diary.promises[name] = row.id
    return row.id


def _maker(vow: Vow) -> str:
    """Who writes it down: the maker's own desk, and for the community's part the coordinator."""
    return vow.made.maker or "coordinator"


def _say(diary: Diary, name: str, step: Step, at: datetime) -> None:
    released = step.released_by is not None
    given = ProgressIn(
        note=step.note,
        to=step.to,
        evidence=step.evidence,
        reason=step.reason,
        successor=diary.promises[step.successor] if step.successor else None,
        community_agreed=step.agreed,
        released_by=step.released_by,
        released_on=local_day(at, diary.place.time_zone) if released else None,
    )
    report_progress(diary.writes, diary.speaker(step.by), diary.place, diary.promises[name], given, at)


def _in_full(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
