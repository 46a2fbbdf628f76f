"""Asking about webhooks: which there are, what became of what they were told, what is due, and what may be said of a thing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, literal_column
from sqlalchemy import select as columns
from sqlmodel import col, select

from service.database import ReadSession
from service.feedback.models import Feedback
from service.narratives.models import Narrative, StoryState
from service.news import Event, News, Off, Standing, Webhook
from service.people.models import Staff
from service.places.models import Collaboration, Organisation
from service.places.queries import PlaceCard
from service.promises.models import Promise
from service.promises.rules import UNPUBLISHED
from service.results.models import Observation

# ---- as administrators see them --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WebhookLine:
    """A webhook as those see it who look after it: never its secret."""

    id: UUID
    address: str
    description: str
    events: tuple[str, ...]
    organisation: str | None
    made_by: str | None
    made_at: datetime
    off_at: datetime | None
    off_why: Off | None
    former_until: datetime | None
    waiting: int
    given_up: int
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One telling, and how it went. Never what the receiver answered."""

    id: UUID
    event: str
    happened_at: datetime
    standing: Standing
    attempts: int
    tried_at: datetime | None
    due_at: datetime
    status: int | None
    fault: str | None


def find_webhooks(reads: ReadSession, place: PlaceCard, within: Collection[UUID] | None) -> list[WebhookLine]:
    """The webhooks of a place, the oldest first: all, or those of these organisations."""
    query = (
        select(Webhook, Organisation.name, Staff.name)
        .outerjoin(
            Organisation,
            and_(col(Organisation.collaboration_id) == Webhook.collaboration_id, col(Organisation.id) == Webhook.organisation_id),
        )
        .outerjoin(Staff, col(Staff.id) == Webhook.made_by)
        .where(Webhook.collaboration_id == place.id)
        .order_by(col(Webhook.made_at), col(Webhook.id))
    )
    if within is not None:
        query = query.where(col(Webhook.organisation_id).in_(within))
    found = list(reads.exec(query))
    if not found:
        return []
    told = columns(News.webhook_id, News.standing, func.count(), func.max(News.tried_at))  # type: ignore[call-overload]
    told = told.where(News.collaboration_id == place.id).group_by(News.webhook_id, News.standing)
    sums = {(id_, standing): (count, last) for id_, standing, count, last in reads.execute(told)}
    return [
        WebhookLine(
            id=row.id,
            address=row.address,
            description=row.description,
            events=tuple(event for event in Event if event in row.events),
            organisation=organisation,
            made_by=name,
            made_at=row.made_at,
            off_at=row.off_at,
            off_why=row.off_why,
            former_until=row.former_until,
            waiting=sums.get((row.id, Standing.WAITING), (0,))[0],
            given_up=sums.get((row.id, Standing.GIVEN_UP), (0,))[0],
            delivered_at=sums.get((row.id, Standing.DELIVERED), (0, None))[1],
        )
        for row, organisation, name in found
    ]


def find_deliveries(reads: ReadSession, place_id: UUID, webhook_id: UUID, most: int) -> list[DeliveryLine]:
    """What a webhook was told last, the newest first; what was given up stands before everything else."""
    query = select(News).where(News.collaboration_id == place_id, News.webhook_id == webhook_id)
    dead_first = (col(News.standing) != Standing.GIVEN_UP, col(News.id).desc())
    return [
        DeliveryLine(row.id, row.event, row.happened_at, row.standing, row.attempts, row.tried_at, row.due_at, row.status, row.fault)
        for row in reads.exec(query.order_by(*dead_first).limit(most))
    ]


# ---- what is due -----------------------------------------------------------------------------------------------------

_news = News.__table__  # type: ignore[attr-defined]
_earlier = _news.alias("earlier")
_waiting: ColumnElement[str] = literal_column("'waiting'")
WAITS = _news.c.standing == _waiting
"""Written out, and no parameter: SQLite takes a partial index for nothing else."""

IN_TURN = ~exists().where(
    _earlier.c.webhook_id == _news.c.webhook_id,
    _earlier.c.subject_id == _news.c.subject_id,
    _earlier.c.standing == _waiting,
    _earlier.c.id < _news.c.id,
)
"""Nothing earlier about the same thing waits for the same webhook."""


def find_due(reads: ReadSession, now: datetime) -> list[tuple[UUID, UUID]]:
    """The webhooks that are on and have something to be told now: the place's id and their own."""
    due = exists().where(_news.c.webhook_id == Webhook.id, WAITS, _news.c.due_at <= now)
    query = columns(Webhook.collaboration_id, Webhook.id).where(col(Webhook.off_at).is_(None), due)  # type: ignore[call-overload]
    return [(place_id, webhook_id) for place_id, webhook_id in reads.execute(query)]


# ---- what may be said ------------------------------------------------------------------------------------------------

Facts = dict[str, Any]


def facts_of(reads: ReadSession, webhook: Webhook, rows: Iterable[News], public_url: str) -> dict[UUID, Facts]:
    """What is told of each of these: ids, states and where to ask. What may not be told, now or to this webhook, is left out.

    Never words, names, days or drafts; nothing of what stands apart because somebody may come to harm.
    """
    place_id, rows = webhook.collaboration_id, list(rows)
    slug = reads.exec(select(Collaboration.slug).where(Collaboration.id == place_id)).one()
    codes = dict(reads.exec(select(Organisation.id, Organisation.code).where(Organisation.collaboration_id == place_id)).all())
    api = f"{public_url}/api/v1/{slug}"
    found: dict[UUID, Facts] = {}
    for row in rows:
        whose, facts = ASK[row.subject](reads, row, place_id, api)
        if facts is not None and webhook.organisation_id in (None, whose):
            found[row.id] = {"collaboration": slug, **facts, "organisation": codes.get(whose) if whose else None}
    return found


Told = tuple[UUID | None, Facts | None]
"""Whose it is, and what may be said; None for what may not."""


def _message(reads: ReadSession, row: News, place_id: UUID, api: str) -> Told:
    message = reads.get(Feedback, (place_id, row.subject_id))
    if message is None or message.lane is not None:
        return None, None
    facts = {"id": str(message.public_id), "state": message.state, "publication": message.publication, "url": f"{api}/feedback"}
    return message.organisation_id, facts


def _promise(reads: ReadSession, row: News, place_id: UUID, api: str) -> Told:
    promise = reads.get(Promise, (place_id, row.subject_id))
    if promise is None or promise.standing in UNPUBLISHED:
        return None, None
    return promise.maker_id, {"id": str(promise.id), "state": promise.standing, "url": f"{api}/promises/{promise.id}"}


SHARED = (StoryState.SHARED_PUBLIC, StoryState.SHARED_PARTNERS)


def _story(reads: ReadSession, row: News, place_id: UUID, api: str) -> Told:
    """A story that was never shared is nobody's to know of; that one is shared no more is."""
    story = reads.get(Narrative, (place_id, row.subject_id))
    if story is None or story.lane is not None or story.published_on is None:
        return None, None
    if row.event == Event.NARRATIVE_PUBLISHED and story.state != StoryState.SHARED_PUBLIC:
        return None, None
    facts = {"id": str(story.public_id), "state": story.state, "url": f"{api}/narratives/{story.public_id}"}
    return story.organisation_id, facts


def _batch(reads: ReadSession, row: News, place_id: UUID, api: str) -> Told:
    whose = reads.exec(
        select(Observation.organisation_id).where(Observation.collaboration_id == place_id, Observation.id == row.subject_id)
    ).first()
    return whose, {"id": str(row.id), "state": "stored", "count": row.count, "url": f"{api}/outcomes/observations"}


def _ping(reads: ReadSession, row: News, place_id: UUID, api: str) -> Told:
    webhook = reads.get_one(Webhook, (place_id, row.webhook_id))
    return webhook.organisation_id, {"id": str(webhook.id), "state": "on", "url": api}


ASK = {"feedback": _message, "promise": _promise, "narrative": _story, "observation": _batch, "webhook": _ping}
