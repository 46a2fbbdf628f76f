"""Asking who is heard: sums of closed months, and none that could point at somebody."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import col

from service.database import ReadSession
from service.disclosure import Cell, count_people, percent_of_people
from service.equality.models import ANSWERS, EqualityCount, Question
from service.equality.rules import closed_months
from service.places.models import Threshold
from service.places.queries import PlaceCard


@dataclass(frozen=True, slots=True)
class Group:
    """Those who gave one answer, as far as that may be said; `share` in percent of those who answered."""

    answer: str
    count: Cell
    share: Cell


@dataclass(frozen=True, slots=True)
class Heard:
    """One question: how many answered it, and what."""

    question: Question
    answered: Cell
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class HeardPage:
    """All questions, of which months, and below how many nothing is said."""

    first: date
    last: date
    fewest: int
    questions: tuple[Heard, ...]


def find_heard(reads: ReadSession, place: PlaceCard, today: date) -> HeardPage:
    """What those said of themselves who answered in the last twelve closed months. Never split by anything else."""
    months, fewest = closed_months(today), place.thresholds.on(Threshold.FEWEST_PEOPLE, today)
    query = (
        columns(col(EqualityCount.question), col(EqualityCount.answer), func.sum(EqualityCount.count))
        .where(col(EqualityCount.collaboration_id) == place.id, col(EqualityCount.month).in_(months))
        .group_by(col(EqualityCount.question), col(EqualityCount.answer))
    )
    found = {(question, answer): int(count) for question, answer, count in reads.execute(query)}
    questions = []
    for question, answers in ANSWERS.items():
        counts = {answer: found.get((question, answer), 0) for answer in answers}
        whole = sum(counts.values())
        groups = (Group(one, count_people(n, fewest), percent_of_people(n, whole, fewest)) for one, n in counts.items())
        questions.append(Heard(question, count_people(whole, fewest), tuple(groups)))
    first, last = (date.fromisoformat(f"{month}-01") for month in (months[0], months[-1]))
    return HeardPage(first, last, fewest, tuple(questions))
