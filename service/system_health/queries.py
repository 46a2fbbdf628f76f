"""Asking about barriers: the register as staff read it, one of them, and what everybody may know."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import col, select

from service.database import ReadSession
from service.days import local_day
from service.errors import NotFound
from service.narratives.models import Narrative
from service.narratives.queries import Reader, Wanted, find_narratives
from service.narratives.queries import visible_to as stories_visible_to
from service.people.models import Member
from service.people.rules import reach, reaches
from service.system_health import rules
from service.system_health.models import Barrier, BarrierKind, BarrierMove, BarrierStory, Finding, RuleKind, Standing

MOST_STORIES = 50
"""Stories behind one barrier that a page shows."""


@dataclass(frozen=True, slots=True)
class Line:
    """A barrier in a list. Without a theme it is known by its kind and by `words`, of a story that this reader may read."""

    id: UUID
    kind: BarrierKind
    theme: str | None
    words: str | None
    standing: Standing
    finding: Finding | None
    reported_on: date
    stories: int
    """How many name it. Units: stories, of those that this reader may read."""


@dataclass(frozen=True, slots=True)
class Said:
    """A story behind a barrier."""

    id: UUID
    title: str | None
    body: str | None
    language: str | None
    barrier: str | None
    occurred_on: date


@dataclass(frozen=True, slots=True)
class Step:
    """One step of its history."""

    standing: Standing
    moved: bool
    """Not only a note."""
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """One barrier as staff read it, and where this member may move it."""

    line: Line
    rule_kind: RuleKind | None
    source: str | None
    changer: str | None
    workaround: str | None
    stories: list[Said]
    steps: list[Step]
    moves: tuple[Standing, ...]
    may_speak: bool


@dataclass(frozen=True, slots=True)
class Theme:
    """A barrier as everybody may read of it, with the public stories that name it."""

    id: UUID
    theme: str
    standing: Standing
    finding: Finding | None
    source: str | None
    reported_on: date
    stories: list[Said]


_names = and_(col(BarrierStory.collaboration_id) == Barrier.collaboration_id, col(BarrierStory.barrier_id) == Barrier.id)
_told = and_(col(Narrative.collaboration_id) == BarrierStory.collaboration_id, col(Narrative.id) == BarrierStory.narrative_id)
"""How a barrier is joined to the stories that name it."""


def visible_to(member: Member) -> ColumnElement[bool]:
    """Which barriers a member may know of: those that have a name for everybody, and those that their own reported."""
    here = col(Barrier.collaboration_id) == member.place.id
    organisations = reach(member.grants, rules.READERS)
    if organisations is None:
        return here
    named = col(Barrier.theme).is_not(None)
    return and_(here, or_(named, col(Barrier.organisation_id).in_(organisations)) if organisations else named)


def find_barriers(reads: ReadSession, member: Member, today: date, standings: Collection[Standing]) -> list[Line]:
    """The register: the longest known first."""
    query = select(Barrier).where(visible_to(member), col(Barrier.standing).in_(standings))
    return _lines(reads, member, today, list(reads.exec(query.order_by(col(Barrier.reported_at), col(Barrier.id)))))


def count_standings(reads: ReadSession, member: Member) -> Counter[Standing]:
    """How many stand where, of those that this member may know of."""
    query = select(Barrier.standing, func.count()).where(visible_to(member)).group_by(col(Barrier.standing))
    return Counter({Standing(standing): count for standing, count in reads.exec(query)})


def get_barrier(reads: ReadSession, member: Member, barrier_id: UUID, *, held: bool = False) -> Barrier:
    """One barrier that this member may know of. Raises: NotFound. `held`: nobody else changes it until the transaction is over."""
    query = select(Barrier).where(visible_to(member), Barrier.id == barrier_id)
    if held:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = reads.exec(query).first()
    if found is None:
        raise NotFound
    return found


def get_card(reads: ReadSession, member: Member, barrier_id: UUID, today: date) -> Card:
    """One barrier with the stories behind it and its history. Raises: NotFound."""
    row = get_barrier(reads, member, barrier_id)
    [line] = _lines(reads, member, today, [row])
    behind = find_narratives(reads, Reader(member.place.id, today, member), Wanted(ids=_behind(reads, [row]).keys()), most=MOST_STORIES)
    may_speak = reaches(member.grants, rules.MOVERS, row.organisation_id)
    return Card(
        line=line,
        rule_kind=row.rule_kind,
        source=row.source,
        changer=row.changer,
        workaround=row.workaround,
        stories=[_said(found.narrative) for found in behind],
        steps=_steps(reads, row),
        moves=rules.moves(row.standing) if may_speak else (),
        may_speak=may_speak,
    )


def find_same_words(reads: ReadSession, place_id: UUID, organisation_id: UUID | None, words: str) -> UUID | None:
    """The open barrier that a story of the same organisation named in the same words."""
    query = (
        select(Barrier.id)
        .join(BarrierStory, _names)
        .join(Narrative, _told)
        .where(
            Barrier.collaboration_id == place_id,
            col(Barrier.organisation_id).is_not_distinct_from(organisation_id),
            col(Barrier.standing).in_(rules.OPEN),
            func.lower(Narrative.barrier) == words.strip().lower(),
        )
    )
    return reads.exec(query.order_by(col(Barrier.id))).first()


def find_named(reads: ReadSession, place_id: UUID, text: str) -> UUID | None:
    """The barrier whose id this is, if it has a name that everybody may read."""
    try:
        barrier_id = UUID(text.strip())
    except ValueError:
        return None
    query = select(Barrier.id).where(Barrier.collaboration_id == place_id, Barrier.id == barrier_id, col(Barrier.theme).is_not(None))
    return reads.exec(query).first()


# ---- what everybody may know -----------------------------------------------------------------------------------------


def find_themes(reads: ReadSession, place_id: UUID, today: date, time_zone: str) -> list[Theme]:
    """The barriers with a name, those that still stand in the way first, then the longest known; with their public stories."""
    rows = reads.exec(select(Barrier).where(Barrier.collaboration_id == place_id, col(Barrier.theme).is_not(None))).all()
    rows = sorted(rows, key=lambda row: (row.standing in rules.ENDED, row.reported_at, row.id))
    behind = _behind(reads, rows)
    told = find_narratives(reads, Reader(place_id, today), Wanted(ids=behind.keys())) if behind else []
    return [
        Theme(
            id=row.id,
            theme=row.theme or "",
            standing=row.standing,
            finding=row.finding,
            source=row.source,
            reported_on=local_day(row.reported_at, time_zone),
            stories=[_said(found.narrative) for found in told if behind[found.narrative.public_id] == row.id],
        )
        for row in rows
    ]


def find_all(reads: ReadSession, place_id: UUID) -> list[tuple[Standing, Finding | None, bool, datetime]]:
    """Every barrier of a place, as figures count them: where it stands, what was found, whether a source is named, since when."""
    query = select(Barrier.standing, Barrier.finding, Barrier.source, Barrier.reported_at).where(Barrier.collaboration_id == place_id)
    return [
        (Standing(standing), Finding(finding) if finding else None, bool(source), at) for standing, finding, source, at in reads.exec(query)
    ]


# ---- parts of the questions ------------------------------------------------------------------------------------------


def _lines(reads: ReadSession, member: Member, today: date, rows: list[Barrier]) -> list[Line]:
    reader = Reader(member.place.id, today, member)
    named = col(BarrierStory.barrier_id).in_([row.id for row in rows])
    told = select(BarrierStory.barrier_id, Narrative.barrier).join(Narrative, _told).where(stories_visible_to(reader), named)
    stories: Counter[UUID] = Counter()
    words: dict[UUID, str] = {}
    for barrier_id, said in reads.exec(told.order_by(col(Narrative.submitted_at))):
        stories[barrier_id] += 1
        if said and said not in set(BarrierKind):
            words.setdefault(barrier_id, said)
    return [
        Line(
            id=row.id,
            kind=row.kind,
            theme=row.theme,
            words=words.get(row.id),
            standing=row.standing,
            finding=row.finding,
            reported_on=local_day(row.reported_at, member.place.time_zone),
            stories=stories[row.id],
        )
        for row in rows
    ]


def _behind(reads: ReadSession, rows: Sequence[Barrier]) -> dict[UUID, UUID]:
    """The barrier that each story names, by the story's public id."""
    if not rows:
        return {}
    query = select(Narrative.public_id, BarrierStory.barrier_id).join(Narrative, _told)
    here = BarrierStory.collaboration_id == rows[0].collaboration_id
    return dict(reads.exec(query.where(here, col(BarrierStory.barrier_id).in_([row.id for row in rows]))).all())


def _said(story: Narrative) -> Said:
    barrier = None if story.barrier in set(BarrierKind) else story.barrier
    return Said(story.public_id, story.title, story.body, story.language, barrier, story.occurred_on)


def _steps(reads: ReadSession, row: Barrier) -> list[Step]:
    """The newest first."""
    query = select(BarrierMove).where(BarrierMove.collaboration_id == row.collaboration_id, BarrierMove.barrier_id == row.id)
    steps, before = [], Standing.REPORTED
    for move in reads.exec(query.order_by(col(BarrierMove.at), col(BarrierMove.id))):
        steps.append(Step(move.standing, move.standing != before, move.note, move.at))
        before = move.standing
    return steps[::-1]
