"""Records of a kind as a file that imports back unchanged: CSV with the fields as columns, or a JSON list."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlmodel import SQLModel, col

from service.cells import number_text, safe, text_of
from service.consents.models import Consent, Purpose
from service.consents.queries import STANDS
from service.database import Database, ReadSession
from service.feedback.models import Feedback, FeedbackIn
from service.feedback.models import State as MessageState
from service.imports.kinds import KINDS, OBSERVATIONS, READINGS
from service.imports.runs import SELF
from service.narratives.models import Narrative, NarrativeIn, StoryState
from service.outcomes import exports as outcomes
from service.outcomes import sheets as readings
from service.outcomes.models import Reading
from service.places.models import Area, Membership, Organisation, Topic
from service.places.queries import PlaceCard, find_areas, find_organisations, find_topics
from service.promises.models import Promise
from service.promises.rules import UNPUBLISHED
from service.results.exports import export_csv
from service.results.listing import Filters, ObservationRow, find_observations
from service.results.models import ComparatorGroup, ComparatorMember, Indicator, IndicatorIn, Observation
from service.results.queries import find_indicators
from service.results.rules import dimension_of

AT_ONCE = 1_000
"""Rows read at a time, each time with a session of their own."""

Fields = dict[str, Any]


class Written(StrEnum):
    """How an export is written."""

    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Export:
    """The columns of a kind, and its records a page at a time: those after an id, with the id of each.

    `table` is the one that is counted, to say how far it is.
    """

    table: type[SQLModel]
    columns: tuple[str, ...]
    page: Callable[[ReadSession, PlaceCard, UUID | None], list[tuple[UUID | None, Fields]]]


def export(database: Database, place: PlaceCard, name: str, form: Written) -> Iterator[str]:
    """All records of a kind, in parts."""
    if name == OBSERVATIONS and form == Written.CSV:
        yield from export_csv(database, place.id, Filters())
        return
    wanted = EXPORTS[name]
    pages = _pages(database, place, wanted)
    if form == Written.CSV:
        yield text_of([wanted.columns])
        for page in pages:
            yield text_of([_cell(record.get(name)) for name in wanted.columns] for record in page)
        return
    yield "["
    before = "\n"
    for record in (record for page in pages for record in page):
        yield before + json.dumps(_nested(record), ensure_ascii=False, default=_plain)
        before = ",\n"
    yield "\n]\n"


def count_records(reads: ReadSession, place: PlaceCard, name: str) -> int:
    """How many records of a kind there are, about. Units: rows of its table."""
    table: Any = EXPORTS[name].table
    return int(reads.scalar(select(func.count()).select_from(table).where(col(table.collaboration_id) == place.id)) or 0)


def _pages(database: Database, place: PlaceCard, wanted: Export) -> Iterator[list[Fields]]:
    after = None
    while True:
        with database.read() as reads:
            rows = wanted.page(reads, place, after)
        yield [record for _id, record in rows]
        if len(rows) < AT_ONCE or rows[-1][0] is None:
            return
        after = rows[-1][0]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, list):
        return safe(";".join(map(str, value)))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return safe(str(_plain(value)))


def _nested(record: Fields) -> Fields:
    """The same with `a.b` as b inside a."""
    found: Fields = {}
    for name, value in record.items():
        outer, dot, inner = name.partition(".")
        if dot:
            found.setdefault(outer, {})[inner] = value
        else:
            found[name] = value
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _all_at_once(ask: Callable[[ReadSession, PlaceCard], Iterable[Fields]]) -> Callable[..., list[tuple[UUID | None, Fields]]]:
    """A page that holds everything: there are few of these in any place."""
    return lambda reads, place, _after: [(None, record) for record in ask(reads, place)]


# ---- what describes a place ------------------------------------------------------------------------------------------


def _areas(reads: ReadSession, place: PlaceCard) -> Iterator[Fields]:
    """An area stands behind the one it lies in, so that its parent is there when it is imported."""
    waiting = find_areas(reads, place.id)
    done: set[str | None] = {None}
    while waiting:
        ready = [row for row in waiting if row.parent in done]
        for row in ready:
            yield {name: getattr(row.area, name) for name in AREA if name != "parent"} | {"parent": row.parent}
        done |= {row.area.code for row in ready}
        waiting = [row for row in waiting if row.area.code not in done]


def _organisations(reads: ReadSession, place: PlaceCard) -> Iterator[Fields]:
    query = select(col(Membership.organisation_id), col(Membership.since), Membership.contributes).where(  # type: ignore[call-overload]
        col(Membership.collaboration_id) == place.id
    )
    joined = {row[0]: row for row in reads.execute(query.order_by(col(Membership.id)))}
    for row in find_organisations(reads, place.id):
        _id, since, contributes = joined.get(row.id, (None, None, []))
        yield {"code": row.code, "name": row.name, "kind": row.kind, "since": since, "contributes": contributes}


def _topics(reads: ReadSession, place: PlaceCard) -> Iterator[Fields]:
    for row in find_topics(reads, place.id):
        yield {"code": row.topic.code, "name": row.topic.name, "organisation": row.organisation}


def _comparators(reads: ReadSession, place: PlaceCard) -> Iterator[Fields]:
    query = (
        select(col(ComparatorGroup.code), col(Area.code), col(ComparatorGroup.name))
        .join(
            ComparatorMember,
            and_(
                col(ComparatorMember.collaboration_id) == col(ComparatorGroup.collaboration_id),
                col(ComparatorMember.group_id) == col(ComparatorGroup.id),
            ),
        )
        .join(Area, _same(Area, ComparatorMember, ComparatorMember.area_id))
        .where(col(ComparatorGroup.collaboration_id) == place.id)
        .order_by(col(ComparatorGroup.code), col(Area.code))
    )
    for group, area, name in reads.execute(query):
        yield {"group": group, "area": area, "name": name}


def _indicators(reads: ReadSession, place: PlaceCard) -> Iterator[Fields]:
    for row in find_indicators(reads, place.id):
        yield {name: getattr(row, name) for name in INDICATOR}


# ---- what people and organisations said ------------------------------------------------------------------------------


def _same(table: type[SQLModel], other: type[SQLModel], column: Any) -> Any:
    """The row of `table` that a column of `other` names."""
    return and_(col(table.collaboration_id) == col(other.collaboration_id), col(table.id) == col(column))  # type: ignore[attr-defined]


def _after(query: Any, table: Any, place: PlaceCard, after: UUID | None) -> Any:
    query = query.where(col(table.collaboration_id) == place.id).order_by(col(table.id)).limit(AT_ONCE)
    return query.where(col(table.id) > after) if after is not None else query


def _origin(source: str | None, ref: str | None, own_id: UUID) -> tuple[str, str]:
    """Where a record comes from; what first came to this service is known by its own id."""
    return (source, ref) if source and ref else (SELF, str(own_id))


def _promise_named(promise: Promise | None) -> Fields:
    """A promise that something is about, by where it comes from: in another place it has another id."""
    if promise is None:
        return {"promise": None, "promise_origin": None}
    origin, ref = _origin(promise.origin, promise.ref, promise.id)
    return {"promise": ref, "promise_origin": origin}


def _feedback(reads: ReadSession, place: PlaceCard, after: UUID | None) -> list[tuple[UUID | None, Fields]]:
    query = (
        select(Feedback, col(Area.code), col(Topic.code), col(Organisation.code), Promise)
        .join(Area, _same(Area, Feedback, Feedback.area_id), isouter=True)
        .join(Topic, _same(Topic, Feedback, Feedback.topic_id), isouter=True)
        .join(Organisation, _same(Organisation, Feedback, Feedback.organisation_id), isouter=True)
        .join(Promise, _same(Promise, Feedback, Feedback.promise_id), isouter=True)
        .where(col(Feedback.state) != MessageState.WITHDRAWN)
    )
    found = []
    for row, area, topic, organisation, promise in reads.execute(_after(query, Feedback, place, after)):
        record = {name: getattr(row, name, None) for name in FEEDBACK}
        record["source"], record["ref"] = _origin(row.source, row.ref, row.public_id)
        found.append((row.id, record | {"area": area, "topic": topic, "organisation": organisation} | _promise_named(promise)))
    return found


def _promises(reads: ReadSession, place: PlaceCard, after: UUID | None) -> list[tuple[UUID | None, Fields]]:
    query = (
        select(Promise, col(Organisation.code), col(Area.code))
        .join(Organisation, _same(Organisation, Promise, Promise.maker_id), isouter=True)
        .join(Area, _same(Area, Promise, Promise.area_id), isouter=True)
        .where(col(Promise.standing).not_in(UNPUBLISHED))
    )
    found = []
    for row, maker, area in reads.execute(_after(query, Promise, place, after)):
        record = {name: getattr(row, name, None) for name in PROMISE}
        record["origin"], record["ref"] = _origin(row.origin, row.ref, row.id)
        found.append((row.id, record | {"maker": maker, "area": area}))
    return found


def _narratives(reads: ReadSession, place: PlaceCard, after: UUID | None) -> list[tuple[UUID | None, Fields]]:
    query = (
        select(Narrative, col(Area.code), col(Indicator.code), col(Organisation.code), Promise)
        .join(Area, _same(Area, Narrative, Narrative.area_id), isouter=True)
        .join(Indicator, _same(Indicator, Narrative, Narrative.indicator_id), isouter=True)
        .join(Organisation, _same(Organisation, Narrative, Narrative.organisation_id), isouter=True)
        .join(Promise, _same(Promise, Narrative, Narrative.promise_id), isouter=True)
        .where(col(Narrative.state) != StoryState.WITHDRAWN)
    )
    rows = list(reads.execute(_after(query, Narrative, place, after)))
    consents = _consents(reads, place, [row.id for row, *_codes in rows])
    found = []
    for row, area, indicator, organisation, promise in rows:
        record = {name: getattr(row, name, None) for name in NARRATIVE if "." not in name}
        record["origin"], record["ref"] = _origin(row.origin, row.ref, row.public_id)
        record |= {"area": area, "indicator": indicator, "organisation": organisation, "visibility": row.wish} | _promise_named(promise)
        found.append((row.id, record | consents.get(row.id, {})))
    return found


def _consents(reads: ReadSession, place: PlaceCard, ids: Sequence[UUID]) -> dict[UUID, Fields]:
    query = select(Consent).where(
        col(Consent.collaboration_id) == place.id,
        col(Consent.narrative_id).in_(ids),
        col(Consent.purpose) == Purpose.SHARE_WORDS_PUBLIC,
        STANDS,
    )
    return {
        row.narrative_id or row.id: {f"consent.{name}": getattr(row, name) for name in ("wording_version", "given_on", "expires_on")}
        for row in reads.scalars(query.order_by(col(Consent.id)))
    }


def _observations(reads: ReadSession, place: PlaceCard, after: UUID | None) -> list[tuple[UUID | None, Fields]]:
    return [(row.id, _observation(row)) for row in find_observations(reads, place.id, Filters(), after=after, most=AT_ONCE)]


def _observation(row: ObservationRow) -> Fields:
    record = {name: getattr(row, name) for name in KINDS[OBSERVATIONS].fields if name != "reason"}
    return record | {"dimension": dimension_of(row.dimension)}


def _readings(reads: ReadSession, place: PlaceCard, after: UUID | None) -> list[tuple[UUID | None, Fields]]:
    return [(row.id, fields) for row, fields in outcomes.page(reads, place.id, None, after, AT_ONCE)]


AREA = ("code", "name", "kind", "parent", "population", "population_as_of", "shape")
INDICATOR = ("code", *IndicatorIn.model_fields)
FEEDBACK = (
    *("source", "ref", "received_at", *(name for name in FeedbackIn.model_fields if name != "contact")),
    *("promise_origin", "organisation", "state", "publication"),
)
PROMISE = (
    *("origin", "ref", "side", "text", "summary", "maker", "made_on", "due_on", "review_by", "kept_when", "source", "deal", "area"),
    *("whole_place", "owner", "audience", "standing"),
)
NARRATIVE = (
    *("origin", "ref", *(name for name in NarrativeIn.model_fields if name not in ("consent", "ref"))),
    *("promise_origin", "consent.wording_version", "consent.given_on", "consent.expires_on", "organisation", "captured_by", "state"),
)

EXPORTS: dict[str, Export] = {
    "areas": Export(Area, AREA, _all_at_once(_areas)),
    "organisations": Export(Organisation, ("code", "name", "kind", "since", "contributes"), _all_at_once(_organisations)),
    "topics": Export(Topic, ("code", "name", "organisation"), _all_at_once(_topics)),
    "comparators": Export(ComparatorMember, ("group", "area", "name"), _all_at_once(_comparators)),
    "indicators": Export(Indicator, INDICATOR, _all_at_once(_indicators)),
    "feedback": Export(Feedback, FEEDBACK, _feedback),
    "promises": Export(Promise, PROMISE, _promises),
    "narratives": Export(Narrative, NARRATIVE, _narratives),
    OBSERVATIONS: Export(Observation, (), _observations),
    READINGS: Export(Reading, readings.COLUMNS, _readings),
}
