"""Asking which answers to all of a theme wait for a second person."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, and_, cast, false, literal, null
from sqlalchemy import select as columns
from sqlmodel import col

from service.database import ReadSession
from service.inbox.models import OtherRow
from service.people.models import Member, Staff
from service.themes.models import Theme, ThemeAnswer
from service.themes.rules import may_answer


def to_check_by(member: Member, _today: date) -> Any:
    """Answers that somebody else wrote and this member may give. They are of no area and of no organisation."""
    waits = and_(
        col(ThemeAnswer.collaboration_id) == member.place.id,
        col(ThemeAnswer.published_at).is_(None),
        col(ThemeAnswer.returned_why).is_(None),
        col(ThemeAnswer.staff_id) != member.person.staff_id,
    )
    nowhere = columns(
        col(ThemeAnswer.id).label("id"),
        col(ThemeAnswer.written_at).label("at"),
        cast(null(), Uuid).label("area_id"),
        literal(value=False).label("whole_place"),
        cast(null(), Uuid).label("organisation_id"),
    )
    return nowhere.where(waits if may_answer(member.grants) else false())


def find_rows(reads: ReadSession, member: Member, ids: Sequence[UUID]) -> dict[UUID, OtherRow]:
    """These answers as the inbox shows them, by id."""
    query = (
        columns(ThemeAnswer, col(Theme.name), col(Staff.name))
        .join(Theme, and_(col(Theme.collaboration_id) == ThemeAnswer.collaboration_id, col(Theme.id) == ThemeAnswer.theme_id))
        .join(Staff, col(Staff.id) == ThemeAnswer.staff_id)
        .where(col(ThemeAnswer.collaboration_id) == member.place.id, col(ThemeAnswer.id).in_(ids))
    )
    return {
        row.id: OtherRow("theme_answer", row.id, of=row.theme_id, title=name, excerpt=row.body, by=writer)
        for row, name, writer in reads.execute(query)
    }
