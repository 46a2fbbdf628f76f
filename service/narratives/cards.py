"""Stories as staff meet them: the shelf with its parts, one story and what this member may do with it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, func
from sqlmodel import col, select

from service.consents.models import Purpose, Yes
from service.consents.queries import find_yeses, live_one, said_no
from service.database import ReadSession
from service.days import local_day
from service.feedback.models import Capturer
from service.journal.models import ActorKind
from service.moderation.models import Severity
from service.moderation.queries import count_taken_out, find_hold, find_severity
from service.narratives import rules
from service.narratives.models import Kind, Narrative, StoryState, Visibility
from service.narratives.queries import (
    Reader,
    StoryRow,
    Wanted,
    find_narratives,
    get_narrative,
    has_consent,
    place_in_list,
    visible_to,
)
from service.narratives.rules import Deed, Hand
from service.people.models import Member
from service.people.rules import reaches
from service.promises.models import Promise
from service.safeguarding.models import Lane

EXCERPT = 280
"""Characters of a story in a list."""

MOST = 50
"""Stories on one page of the list."""


@dataclass(frozen=True, slots=True)
class Line:
    """A story in a list. `silent`: it is public, and no yes to that holds any more."""

    id: UUID
    kind: Kind
    title: str | None
    excerpt: str
    cut: bool
    language: str | None
    state: StoryState
    silent: bool
    wish: Visibility
    area: str | None
    whole_place: bool
    organisation: str | None
    occurred_on: date
    submitted_on: date
    wrote_it: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of the stories that a member may see, and how many there are in each part. Units: stories, never people."""

    lines: list[Line]
    next: str | None
    waiting: int
    shared: int
    all: int


@dataclass(frozen=True, slots=True)
class Card:
    """One story as staff read it, with what this member may do with it."""

    line: Line
    body: str | None
    barrier: str | None
    tags: list[str]
    captured_by: Capturer
    promise_id: UUID | None
    promise: str | None
    indicator: str | None
    published_on: date | None
    yes: Yes | None
    """The newest one to public words."""
    yeses: tuple[Yes, ...]
    """Every one, the newest first."""
    consented: bool
    needs_second: bool
    """It waits for a second person, and this member is the first."""
    deeds: frozenset[Deed]
    lane: Lane | None
    severity: Severity
    held: bool
    """Somebody has to look at it before others read it."""
    taken_out: int
    """Pieces of its words. Units: pieces."""
    may_rate: bool


PARTS: dict[str, tuple[StoryState, ...] | None] = {"waiting": rules.WAITING, "shared": rules.SHOWN, "all": None}


def hand_of(member: Member, story: Narrative) -> Hand:
    """What a member who may see a story is to it."""
    return Hand(
        wrote_it=story.author_kind == ActorKind.STAFF and story.author_id == member.person.staff_id,
        checks=reaches(member.grants, rules.CHECKERS, story.organisation_id),
        works_on_it=reaches(member.grants, rules.WRITERS, story.organisation_id),
        at_the_desk=any(grant.role in rules.WRITERS for grant in member.grants),
    )


def find_stories(
    reads: ReadSession,
    member: Member,
    part: str,
    kind: Kind | None,
    now: datetime,
    *,
    after: tuple[date, UUID] | None = None,
) -> Shelf:
    """The stories of one part of the shelf, the latest first."""
    reader = Reader(member.place.id, local_day(now, member.place.time_zone), member)
    found = find_narratives(reads, reader, Wanted(kind=kind, states=PARTS[part]), after=after, most=MOST + 1)
    silent = _find_silent(reads, reader)
    lines = [_line(member, row, silent) for row in found[:MOST]]
    more = _cursor_of(place_in_list(reader, found[MOST - 1])) if len(found) > MOST else None
    return Shelf(lines, more, *_count_parts(reads, reader, kind))


def get_story(reads: ReadSession, member: Member, narrative_id: UUID, now: datetime) -> Card:
    """One story, and what this member may do with it. Raises: NotFound."""
    reader = Reader(member.place.id, local_day(now, member.place.time_zone), member)
    row = get_narrative(reads, reader, narrative_id)
    story, hand = row.narrative, hand_of(member, row.narrative)
    yeses = find_yeses(reads, story.collaboration_id, reader.today, member.place.time_zone, story_id=story.id)
    consented = live_one(yeses, Purpose.SHARE_WORDS_PUBLIC) is not None
    never = rules.SHARING if story.lane else {Deed.PARTNERS} if said_no(yeses) else set()
    promise = reads.get(Promise, (story.collaboration_id, story.promise_id)) if story.promise_id else None
    waits = any(rules.fits(story.state, deed) for deed in rules.SECOND_PERSON)
    return Card(
        line=_line(member, row, set() if consented else {story.public_id}),
        body=story.body,
        barrier=story.barrier,
        tags=story.tags,
        captured_by=story.captured_by,
        promise_id=story.promise_id,
        promise=(promise.summary or promise.text) if promise else None,
        indicator=row.indicator_name,
        published_on=story.published_on,
        yes=next((yes for yes in yeses if yes.purpose == Purpose.SHARE_WORDS_PUBLIC), None),
        yeses=tuple(yeses),
        consented=consented,
        needs_second=hand.wrote_it and waits,
        deeds=rules.deeds(story.state, hand, consented=consented) - never,
        lane=story.lane,
        severity=find_severity(reads, story.collaboration_id, story_id=story.id),
        held=find_hold(reads, story.collaboration_id, story_id=story.id) is not None,
        taken_out=count_taken_out(reads, story.collaboration_id, story_id=story.id),
        may_rate=hand.checks,
    )


def _line(member: Member, row: StoryRow, silent: set[UUID]) -> Line:
    story = row.narrative
    words = story.body or ""
    return Line(
        id=story.public_id,
        kind=story.kind,
        title=story.title,
        excerpt=words[:EXCERPT],
        cut=len(words) > EXCERPT,
        language=story.language,
        state=story.state,
        silent=story.state == StoryState.SHARED_PUBLIC and story.public_id in silent,
        wish=story.wish,
        area=row.area,
        whole_place=story.whole_place,
        organisation=row.organisation,
        occurred_on=story.occurred_on,
        submitted_on=local_day(story.submitted_at, member.place.time_zone),
        wrote_it=hand_of(member, story).wrote_it,
    )


def _find_silent(reads: ReadSession, reader: Reader) -> set[UUID]:
    """Public stories that this member may see and nobody else does, because the yes has ended."""
    ended = and_(col(Narrative.state) == StoryState.SHARED_PUBLIC, ~has_consent(reader.today))
    return set(reads.exec(select(Narrative.public_id).where(visible_to(reader), ended)))


def _count_parts(reads: ReadSession, reader: Reader, kind: Kind | None) -> tuple[int, int, int]:
    query = select(Narrative.state, func.count()).where(visible_to(reader)).group_by(col(Narrative.state))
    rows = reads.exec(query if kind is None else query.where(Narrative.kind == kind))
    by_state = {StoryState(state): count for state, count in rows}
    waiting, shared = (sum(by_state.get(state, 0) for state in states) for states in (rules.WAITING, rules.SHOWN))
    return waiting, shared, sum(by_state.values())


def _cursor_of(place: tuple[date, UUID]) -> str:
    return f"{place[0].isoformat()}~{place[1].hex}"


def read_cursor(text: str | None) -> tuple[date, UUID] | None:
    """Where a page begins, as the page before it says; None for anything else."""
    day, _tilde, last = (text or "").partition("~")
    try:
        return date.fromisoformat(day), UUID(hex=last)
    except ValueError:
        return None
