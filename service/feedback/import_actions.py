"""Doing: taking in messages that somebody else received and kept. They get no receipt, and owe nobody an answer here."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import insert as insert_or_leave  # its ON CONFLICT compiles on SQLite as well
from sqlmodel import col
from uuid_utils import uuid4, uuid7

from service import findable, rollups
from service.consents.guards import keep_yeses
from service.consents.models import Purpose
from service.consents.rules import WORDING_VERSION, holds_until
from service.database import WriteSession
from service.days import local_day
from service.errors import FieldError, Invalid
from service.feedback import counts, rules
from service.feedback.models import Capturer, Channel, Feedback, FeedbackIn, Share, State
from service.journal.actions import Actor, Deed, record_all
from service.language import _
from service.moderation import rules as moderation
from service.moderation.guards import screen_messages
from service.places.models import Area, AreaKind, Organisation, Threshold, Topic
from service.places.queries import PlaceCard
from service.places.rules import WHOLE_PLACE
from service.rows import json_of, rows_of
from service.tables import moment_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """A message from elsewhere. Its source and its ref there say which one it is; `organisation` is a code."""

    source: str
    ref: str
    received_at: datetime
    said: FeedbackIn
    organisation: str | None = None
    id: str = field(default_factory=lambda: uuid7().hex)
    public_id: str = field(default_factory=lambda: uuid4().hex)


_feedback = Feedback.__table__  # type: ignore[attr-defined]
_COLUMNS = (
    "collaboration_id id public_id kind body want have gap tier language area_id whole_place topic_id organisation_id share occurred_on "
    "channel on_behalf captured_by source ref state publication received_at"
).split()
_KEY = ["collaboration_id", "source", "ref"]
_rows = rows_of([_feedback.c[name] for name in _COLUMNS])
_in_order = select(_rows).order_by(*(_rows.c[name] for name in _KEY))  # always the same order: two processes never wait crosswise
_store_new = insert_or_leave(_feedback).from_select(_COLUMNS, _in_order).on_conflict_do_nothing(index_elements=_KEY)
_keys = rows_of([_feedback.c.collaboration_id, _feedback.c.id])
_stored = select(_keys.c.id).join(_feedback, and_(_feedback.c.collaboration_id == _keys.c.collaboration_id, _feedback.c.id == _keys.c.id))


def import_feedback(
    writes: WriteSession, actor: Actor, place: PlaceCard, items: Sequence[Collected], now: datetime
) -> list[bool | Invalid]:
    """Stores what is new of a chunk, in one statement. A known source and ref changes nothing, whatever else the row says.

    Shape: one result per item: whether it was new, or what is wrong with it.
    """
    areas, topics, organisations = _areas(writes, place, items), _topics(writes, place, items), _organisations(writes, place, items)
    answers: dict[str, bool | Invalid] = {}
    rows, homes = [], dict[str, str | None]()
    for item in items:
        found = _unknown(item, areas, topics, organisations)
        if found:
            answers[item.id] = Invalid(*found)
            continue
        area_id = areas.get(item.said.area or WHOLE_PLACE)
        topic_id, topics_own = topics[item.said.topic] if item.said.topic else (None, None)
        organisation_id = organisations[item.organisation] if item.organisation else topics_own
        rows.append(_row(place, item, area_id, topic_id, organisation_id))
        homes[item.id] = area_id
    if rows:
        writes.execute(_store_new, json_of(rows))
    new = {found.hex for found in writes.scalars(_stored, json_of((place.id.hex, id_) for id_ in homes))} if homes else set()
    stored = [item for item in items if item.id in new]
    keep_yeses(writes, [_yes_of(place, item, now) for item in stored if item.said.share == Share.WORDS_PUBLIC])
    at, kind, by = moment_text(now), actor.kind, actor.id.hex if actor.id else None
    record_all(writes, [Deed(place.id.hex, item.id, "feedback", item.id, "imported", kind, by, at) for item in stored])
    cells: Counter[rollups.Cell] = Counter()
    for item in stored:
        day = local_day(item.received_at, place.time_zone).isoformat()
        publication = rules.first_publication(item.said.share)
        cells.update(counts.cells_of_new(place.id.hex, homes[item.id], day, item.said.kind, publication, Capturer.IMPORT))
    rollups.count(writes, cells)
    screen_messages(writes, [_arrived(place, item) for item in stored], calls=False)
    place_id, message = place.id.hex, findable.Kind.MESSAGE
    findable.add_kept(writes, (findable.kept_of_texts(message, place_id, item.id, item.id, item.said) for item in stored))
    return [answers.get(item.id, item.id in new) for item in items]


def _yes_of(place: PlaceCard, item: Collected, now: datetime) -> dict[str, Any]:
    """A yes that somebody else was given holds from the day it came to them, and here for as long as any that is given today."""
    today = local_day(now, place.time_zone)
    return {
        "collaboration_id": place.id,
        "feedback_id": UUID(item.id),
        "purpose": Purpose.SHARE_WORDS_PUBLIC,
        "wording_version": WORDING_VERSION,
        "how": item.said.channel,
        "given_on": local_day(item.received_at, place.time_zone),
        "expires_on": holds_until(today, place.thresholds.on(Threshold.YES_HOLDS, today)),
    }


@dataclass(slots=True)
class _Arrived:
    """A collected message as rules look at it."""

    collaboration_id: str
    id: str
    likeness: str
    share: str
    received_at: str
    signs: str = ""


def _arrived(place: PlaceCard, item: Collected) -> _Arrived:
    said = item.said
    likeness = moderation.likeness(said.body, said.want, said.have, said.gap)
    return _Arrived(place.id.hex, item.id, likeness, said.share, moment_text(item.received_at))


def _areas(writes: WriteSession, place: PlaceCard, items: Sequence[Collected]) -> dict[str, str]:
    query = select(col(Area.code), col(Area.id)).where(
        col(Area.collaboration_id) == place.id,
        col(Area.code).in_({item.said.area for item in items if item.said.area}),
        col(Area.kind).not_in([AreaKind.COMPARATOR, AreaKind.PLACE]),
    )
    return {code: id_.hex for code, id_ in writes.execute(query)}


def _topics(writes: WriteSession, place: PlaceCard, items: Sequence[Collected]) -> dict[str, tuple[str, str | None]]:
    query = select(col(Topic.code), col(Topic.id), col(Topic.organisation_id)).where(
        col(Topic.collaboration_id) == place.id, col(Topic.code).in_({item.said.topic for item in items if item.said.topic})
    )
    return {code: (id_.hex, organisation_id.hex if organisation_id else None) for code, id_, organisation_id in writes.execute(query)}


def _organisations(writes: WriteSession, place: PlaceCard, items: Sequence[Collected]) -> dict[str, str]:
    query = select(col(Organisation.code), col(Organisation.id)).where(
        col(Organisation.collaboration_id) == place.id,
        col(Organisation.code).in_({item.organisation for item in items if item.organisation}),
    )
    return {code: id_.hex for code, id_ in writes.execute(query)}


def _unknown(item: Collected, areas: dict[str, str], topics: dict[str, Any], organisations: dict[str, str]) -> list[FieldError]:
    errors = []
    if item.said.area and item.said.area != WHOLE_PLACE and item.said.area not in areas:
        errors.append(FieldError("area", _("There is no area with this code.")))
    if item.said.topic and item.said.topic not in topics:
        errors.append(FieldError("topic", _("There is no topic with this code.")))
    if item.organisation and item.organisation not in organisations:
        errors.append(FieldError("organisation", _("There is no organisation with the code %(code)s.", code=item.organisation)))
    return errors


def _row(place: PlaceCard, item: Collected, area_id: str | None, topic_id: str | None, organisation_id: str | None) -> tuple[object, ...]:
    said = item.said
    return (
        *(place.id.hex, item.id, item.public_id, said.kind, said.body or None, said.want or None, said.have or None, said.gap or None),
        *(said.tier, said.language, area_id, said.whole_place or said.area == WHOLE_PLACE, topic_id, organisation_id, said.share),
        *(said.occurred_on.isoformat() if said.occurred_on else None, said.channel or Channel.WEB, said.on_behalf or False),
        *(Capturer.IMPORT, item.source, item.ref, State.RECEIVED, rules.first_publication(said.share), moment_text(item.received_at)),
    )
