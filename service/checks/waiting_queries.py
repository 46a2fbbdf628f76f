"""Asking on which promises somebody wrote what they saw, and nobody has decided about it."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, false, func, true
from sqlalchemy import select as columns
from sqlmodel import col

from service.checks.models import PromiseCheck
from service.checks.queries import DECIDERS
from service.database import ReadSession
from service.inbox.models import OtherRow
from service.moderation.models import Severity
from service.people.models import Member
from service.people.rules import reach
from service.places.models import Area, Organisation
from service.promises.models import Promise


def _waits(member: Member) -> Any:
    """Words of checks about which this member decides: of no promise of an organisation that they work for."""
    own = {grant.organisation_id for grant in member.grants} - {None}
    return and_(
        col(PromiseCheck.collaboration_id) == member.place.id,
        col(PromiseCheck.waits_since).is_not(None),
        col(PromiseCheck.comment).is_not(None),
        col(Promise.maker_id).not_in(own) if own else true(),
        true() if reach(member.grants, DECIDERS) is None else false(),
    )


def _promise() -> Any:
    return and_(col(Promise.collaboration_id) == PromiseCheck.collaboration_id, col(Promise.id) == PromiseCheck.promise_id)


def to_decide_by(member: Member, _today: date) -> Any:
    """The promises with such words, since the first of them."""
    of = (col(Promise.area_id), col(Promise.whole_place), col(Promise.maker_id))
    query: Any = columns(
        col(PromiseCheck.promise_id).label("id"),
        func.min(PromiseCheck.waits_since).label("at"),
        *(column.label(name) for column, name in zip(of, ("area_id", "whole_place", "organisation_id"), strict=True)),
    )
    return query.join(Promise, _promise()).where(_waits(member)).group_by(col(PromiseCheck.promise_id), *of)


def find_rows(reads: ReadSession, member: Member, ids: Sequence[UUID]) -> dict[UUID, OtherRow]:
    """These promises as the inbox shows them, by id: how many words wait, and whether some cannot wait."""
    urgent = func.max(case((col(PromiseCheck.severity).in_((Severity.URGENT, Severity.RISK)), 1), else_=0))
    query = (
        columns(Promise, col(Area.name), col(Organisation.name), func.count(), urgent)
        .select_from(PromiseCheck)
        .join(Promise, _promise())
        .join(Area, and_(col(Area.collaboration_id) == Promise.collaboration_id, col(Area.id) == Promise.area_id), isouter=True)
        .join(
            Organisation,
            and_(col(Organisation.collaboration_id) == Promise.collaboration_id, col(Organisation.id) == Promise.maker_id),
            isouter=True,
        )
        .where(_waits(member), col(PromiseCheck.promise_id).in_(ids))
        .group_by(col(Promise.collaboration_id), col(Promise.id), col(Area.name), col(Organisation.name))
    )
    return {
        row.id: OtherRow(
            "seen",
            row.id,
            of=row.id,
            title=row.summary or row.text,
            by=organisation,
            area=area,
            whole_place=row.whole_place,
            number=number,
            urgent=bool(grave),
        )
        for row, area, organisation, number, grave in reads.execute(query)
    }
