"""Asking for themes: what staff see of them, as far as they may read the messages, and what everybody does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func
from sqlalchemy import select as columns
from sqlmodel import col, select

from service.database import ReadSession
from service.days import day_begins, local_day
from service.disclosure import Cell, split_items
from service.errors import Conflict, NotFound
from service.feedback import desk_queries as messages
from service.feedback.desk_queries import MessageRow
from service.feedback.models import Feedback, NoKind, Outcome, Publication, State
from service.feedback.rules import OPEN
from service.language import _
from service.people.models import Member, Staff
from service.places.models import Threshold
from service.places.queries import PlaceCard
from service.themes.giving_queries import Progress, find_progress, in_theme, is_coming, waits_in
from service.themes.models import Namer, Theme, ThemeAnswer, ThemeMessage
from service.themes.rules import may_answer, may_go_on

MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A theme as staff see it. Units: messages that this member may read.

    `waiting`: those of them that this member owes an answer, and to which none is on its way.
    """

    id: UUID
    name: str
    about: str | None
    named_by: Namer
    shown: bool
    told: int
    waiting: int


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """An answer to all who told of a theme: given, waiting for a second person, or given back."""

    id: UUID
    outcome: Outcome
    body: str
    reason: str | None
    no_kind: NoKind | None
    promised: dict[str, Any] | None
    promise_id: UUID | None
    name: str | None
    mine: bool
    written_at: datetime
    published_at: datetime | None
    returned_why: str | None
    checked: bool
    may_check: bool
    may_go_on: bool
    progress: Progress


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """An answer to a theme as everybody reads it."""

    outcome: Outcome
    body: str
    reason: str | None
    promise_id: UUID | None
    checked: bool
    on: date


@dataclass(frozen=True, slots=True)
class ShownTheme:
    """A theme as everybody reads it. `told` counts messages of months that are over, small numbers hidden."""

    name: str
    about: str | None
    named_by: Namer
    told: Cell
    answers: list[ShownAnswer]


# ---- for staff -------------------------------------------------------------------------------------------------------


def get_theme(reads: ReadSession, place_id: UUID, theme_id: UUID, *, held: bool = False) -> Theme:
    """One theme; `held` until the transaction ends. Raises: NotFound."""
    query = select(Theme).where(Theme.collaboration_id == place_id, Theme.id == theme_id)
    found = reads.exec(query.with_for_update() if held else query).first()
    if found is None:
        raise NotFound
    return found


def find_themes(reads: ReadSession, member: Member, *, only: UUID | None = None, of: UUID | None = None) -> list[ThemeLine]:
    """The themes of a place by name. `only`: this one; `of`: those of this message."""
    mine = and_(col(Feedback.collaboration_id) == col(ThemeMessage.collaboration_id), col(Feedback.id) == col(ThemeMessage.feedback_id))
    owed = func.sum(case((and_(messages.owes(member, Feedback), ~is_coming(Feedback)), 1), else_=0))
    counts = (
        columns(col(ThemeMessage.theme_id), func.count().label("told"), owed.label("waiting"))
        .join(Feedback, mine)
        .where(messages.visible_to(member))
        .group_by(col(ThemeMessage.theme_id))
        .subquery()
    )
    query = columns(Theme, counts.c.told, counts.c.waiting).join(counts, counts.c.theme_id == Theme.id, isouter=True)
    query = query.where(col(Theme.collaboration_id) == member.place.id).order_by(col(Theme.name))
    if only is not None:
        query = query.where(col(Theme.id) == only)
    if of is not None:
        held = columns(col(ThemeMessage.theme_id)).where(
            col(ThemeMessage.collaboration_id) == member.place.id, col(ThemeMessage.feedback_id) == of
        )
        query = query.where(col(Theme.id).in_(held))
    return [
        ThemeLine(theme.id, theme.name, theme.about, theme.named_by, theme.shown_at is not None, told or 0, int(waiting or 0))
        for theme, told, waiting in reads.execute(query)
    ]


def find_theme_messages(reads: ReadSession, member: Member, theme_id: UUID, now: datetime) -> list[MessageRow]:
    """The messages of a theme that this member may read: those that wait first, each by its age."""
    query = messages.listed().where(messages.visible_to(member), in_theme(theme_id))
    waits = case((col(Feedback.state).in_(OPEN), 0), else_=1)
    found = reads.exec(query.order_by(waits, col(Feedback.received_at), col(Feedback.id)).limit(MOST_ROWS))
    return [messages.message_row(member, now, *row) for row in found]


def does_anybody_wait(reads: ReadSession, member: Member, theme_id: UUID) -> bool:
    """Whether a message of a theme waits for an answer of this member's, and none is on its way."""
    return reads.exec(select(Feedback.id).where(waits_in(member, theme_id))).first() is not None


def is_read_by_everybody(reads: ReadSession, member: Member, theme: Theme) -> bool:
    """Whether everybody reads an answer to the theme, or to one of the messages that wait for this member's."""
    query = select(Feedback.id).where(waits_in(member, theme.id), Feedback.publication == Publication.PUBLISHED)
    return theme.shown_at is not None or reads.exec(query).first() is not None


def find_answers(reads: ReadSession, member: Member, theme_id: UUID, now: datetime) -> list[AnswerCard]:
    """What was answered to all of a theme, and what is not given yet, the newest first."""
    query = columns(ThemeAnswer, col(Staff.name)).join(Staff, col(Staff.id) == ThemeAnswer.staff_id)
    query = query.where(col(ThemeAnswer.collaboration_id) == member.place.id, col(ThemeAnswer.theme_id) == theme_id)
    found = [(row, name) for row, name in reads.execute(query.order_by(col(ThemeAnswer.written_at).desc()))]
    progress, today = find_progress(reads, member, [row.id for row, _name in found]), local_day(now, member.place.time_zone)
    return [_card(member, row, name, progress.get(row.id, Progress()), today) for row, name in found]


def _card(member: Member, row: ThemeAnswer, name: str, progress: Progress, today: date) -> AnswerCard:
    mine, promised = row.staff_id == member.person.staff_id, dict(row.promised) if row.promised else None
    if promised and promised.get("due_on"):
        promised["due_on"] = date.fromisoformat(promised["due_on"])
    return AnswerCard(
        id=row.id,
        outcome=row.outcome,
        body=row.body,
        reason=row.reason,
        no_kind=row.no_kind,
        promised=promised,
        promise_id=row.promise_id,
        name=name,
        mine=mine,
        written_at=row.written_at,
        published_at=row.published_at,
        returned_why=row.returned_why,
        checked=row.checked_by is not None,
        may_check=not mine and row.published_at is None and row.returned_why is None,
        may_go_on=row.published_at is not None and may_go_on(row.promised, today),
        progress=progress,
    )


def get_theme_answer(reads: ReadSession, member: Member, theme_id: UUID, answer_id: UUID) -> ThemeAnswer:
    """One answer to all of a theme, for those who answer; held until the transaction ends. Raises: NotFound."""
    query = select(ThemeAnswer).where(ThemeAnswer.collaboration_id == member.place.id, ThemeAnswer.theme_id == theme_id)
    found = reads.exec(query.where(ThemeAnswer.id == answer_id).with_for_update()).first()
    if found is None or not may_answer(member.grants):
        raise NotFound
    return found


def get_answer_to_check(reads: ReadSession, member: Member, theme_id: UUID, answer_id: UUID) -> ThemeAnswer:
    """One that waits for a second person, who this member may be. Raises: NotFound, Conflict for who wrote it, and where none waits."""
    row = get_theme_answer(reads, member, theme_id, answer_id)
    if row.published_at is not None:
        raise Conflict(_("Somebody gave this answer already. You can say on the page of the theme what became of it."))
    if row.returned_why is not None:
        raise Conflict(_("It was given back already. Whoever wrote it can write it anew."))
    if row.staff_id == member.person.staff_id:
        raise Conflict(_("You wrote it yourself. Somebody else looks at it."))
    return row


# ---- for everybody ---------------------------------------------------------------------------------------------------


def find_shown_themes(reads: ReadSession, place: PlaceCard, now: datetime) -> list[ShownTheme]:
    """The themes that everybody reads, by name, with how many told of each and what was answered to all of them."""
    today = local_day(now, place.time_zone)
    here = columns(Theme).where(col(Theme.collaboration_id) == place.id, col(Theme.shown_at).is_not(None))
    themes = reads.execute(here.order_by(col(Theme.name))).scalars().all()
    if not themes:
        return []
    counted = (
        columns(col(ThemeMessage.theme_id), func.count())
        .join(
            Feedback,
            and_(col(Feedback.collaboration_id) == col(ThemeMessage.collaboration_id), col(Feedback.id) == col(ThemeMessage.feedback_id)),
        )
        .where(
            col(ThemeMessage.collaboration_id) == place.id,
            col(Feedback.state).not_in((State.WITHDRAWN, State.NOT_FEEDBACK)),
            col(Feedback.received_at) < day_begins(today.replace(day=1), place.time_zone),
        )
        .group_by(col(ThemeMessage.theme_id))
    )
    told: dict[UUID, int] = {row[0]: row[1] for row in reads.execute(counted)}
    cells = split_items({one.id: told.get(one.id, 0) for one in themes}, place.thresholds.on(Threshold.FEWEST_SHOWN, today)).cells
    answers = _shown_answers(reads, place, [one.id for one in themes])
    return [ShownTheme(one.name, one.about, one.named_by, cells[one.id], answers.get(one.id, [])) for one in themes]


def _shown_answers(reads: ReadSession, place: PlaceCard, ids: Sequence[UUID]) -> dict[UUID, list[ShownAnswer]]:
    query = select(ThemeAnswer).where(ThemeAnswer.collaboration_id == place.id, col(ThemeAnswer.theme_id).in_(ids))
    found: dict[UUID, list[ShownAnswer]] = {}
    for row in reads.exec(query.where(col(ThemeAnswer.published_at).is_not(None)).order_by(col(ThemeAnswer.published_at).desc())):
        on = local_day(row.published_at or row.written_at, place.time_zone)
        answer = ShownAnswer(row.outcome, row.body, row.reason, row.promise_id, row.checked_by is not None, on)
        found.setdefault(row.theme_id, []).append(answer)
    return found
