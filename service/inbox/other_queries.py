"""Asking what else waits for a member besides messages, stories and promises: answers to a theme, and what people saw.

Each is a short list that stands in its feature's own queries; nobody takes any of it on, and it has no topic.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, literal
from sqlalchemy import select as columns

from service.checks import waiting_queries as checks
from service.database import ReadSession
from service.inbox.models import OtherRow, Part, Wanted
from service.people.models import Member
from service.tasks import queries as tasks
from service.themes import waiting_queries as themes

About = Callable[[Member, Wanted, Any], ColumnElement[bool]]

OTHERS: Mapping[str, tuple[Part, Callable[[Member, date], Any], Callable[[ReadSession, Member, Sequence[UUID]], dict[UUID, OtherRow]]]] = {
    "theme_answer": (Part.PROPOSED, themes.to_check_by, themes.find_rows),
    "task": (Part.TASKS, tasks.late_for, tasks.find_rows),
    "theme_task": (Part.TASKS, themes.late_for, themes.find_late_rows),
    "seen": (Part.SEEN, checks.to_decide_by, checks.find_rows),
}
"""By what a row is: its part, besides that of all duties; which of them wait, by id, at, area_id, whole_place and organisation_id; rows."""


def holds(wanted: Wanted, part: Part, what: str) -> bool:
    """Whether a part, narrowed so, has rows of this kind."""
    return not (wanted.topic or wanted.kind or wanted.whose == "mine") and part in (Part.DUTIES, OTHERS[what][0])


def sources(member: Member, wanted: Wanted, today: date, about: About) -> Iterator[Any]:
    """The lists of a part, each as `what`, `id`, `at`."""
    for what, (_part, waiting, _rows) in OTHERS.items():
        if holds(wanted, wanted.part, what):
            of = waiting(member, today).subquery().c
            yield columns(literal(what).label("what"), of.id.label("id"), of.at.label("at")).where(about(member, wanted, of))


def counts(
    member: Member, asked: Sequence[tuple[Wanted, Part]], today: date, about: About
) -> Iterator[tuple[list[int], Any, list[Callable[[Any], ColumnElement[bool]]]]]:
    """For each kind of row: which of these parts have it, all of it with a `number` each, and what each part asks of it."""
    for what, (_part, waiting, _rows) in OTHERS.items():
        places = [place for place, one in enumerate(asked) if holds(*one, what)]
        of = waiting(member, today).subquery()
        yield places, columns(*of.c, literal(1).label("number")), [partial(about, member, asked[place][0]) for place in places]


def find_rows(reads: ReadSession, member: Member, ids: Mapping[str, Sequence[UUID]]) -> dict[UUID, OtherRow]:
    """These rows as the list shows them, by id."""
    found: dict[UUID, OtherRow] = {}
    for what, (_part, _waiting, rows) in OTHERS.items():
        if ids.get(what):
            found |= rows(reads, member, ids[what])
    return found
