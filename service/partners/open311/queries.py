"""Asking: services and requests of Open311, from the topics of a place and the messages that everybody may read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select as columns
from sqlmodel import col, select

from service.database import ReadSession
from service.feedback.answer_models import PublishedOut
from service.feedback.published import Wanted, find_published
from service.partners.open311 import rules
from service.places.models import Area
from service.places.queries import PlaceCard, find_area_choices, find_organisations, find_topics
from service.promises.models import Promise


@dataclass(frozen=True, slots=True)
class OpenTopic:
    """What can be told of: a topic, or whatever belongs to none."""

    code: str
    name: str
    about: str | None
    organisation: str | None


@dataclass(frozen=True, slots=True)
class Names:
    """How areas, services and organisations are called, by their codes; and when promises are due, by their ids."""

    areas: dict[str, str]
    services: dict[str, str]
    organisations: dict[str, str]
    due: dict[UUID, date] = field(default_factory=dict)


def find_services(reads: ReadSession, place: PlaceCard, something_else: str) -> list[OpenTopic]:
    """The topics that are offered, and one for everything else, which is called as given."""
    topics = [OpenTopic(row.topic.code, row.topic.name, None, row.organisation) for row in find_topics(reads, place.id, offered=True)]
    return [*(topic for topic in topics if topic.code != rules.ANY_TOPIC), OpenTopic(rules.ANY_TOPIC, something_else, None, None)]


@dataclass(frozen=True, slots=True)
class Areas:
    """The areas that can be named: codes by code and by name, and the shapes of those that have one. Asked for once, for many."""

    named: dict[str, str]
    shapes: list[tuple[str, Mapping[str, Any]]]

    def at(self, long: float, lat: float) -> str | None:
        """The code of the area whose shape holds this point, where one does. The point itself is kept nowhere."""
        return next((code for code, shape in self.shapes if rules.holds(shape, long, lat)), None)

    def called(self, words: str) -> str | None:
        """The area that an address names: as `area:` and its code, or by its name alone."""
        return self.named.get(words.strip().removeprefix("area:").strip().casefold())


def read_areas(reads: ReadSession, place: PlaceCard) -> Areas:
    """The areas of a place that can be named. Where a name is another's code, the first in the list has it."""
    named: dict[str, str] = {}
    for choice in find_area_choices(reads, place.id):
        named.setdefault(choice.code.casefold(), choice.code)
        named.setdefault(choice.name.casefold(), choice.code)
    shapes = reads.exec(
        select(Area.code, Area.shape).where(Area.collaboration_id == place.id, col(Area.shape).is_not(None)).order_by(Area.code)
    )
    offered = set(named.values())
    return Areas(named, [(code, shape) for code, shape in shapes if shape and code in offered])


def find_requests(
    reads: ReadSession, place: PlaceCard, wanted: Wanted, names: Names, statuses: Sequence[str]
) -> list[tuple[PublishedOut, dict[str, Any]]]:
    """Published messages as requests, the newest first, at most 1,000; with the messages themselves."""
    found: list[tuple[PublishedOut, dict[str, Any]]] = []
    after = None
    while len(found) < rules.MOST:
        messages = find_published(reads, place, wanted, after=after, most=rules.MOST, newest_first=True)
        due = _due(reads, place, messages)
        found += [
            (message, request)
            for message in messages
            if (request := request_of(message, names, due))["status"] in (statuses or (rules.OPEN, rules.CLOSED))
        ]
        if len(messages) < rules.MOST:
            break
        after = (messages[-1].week, messages[-1].id)
    return found[: rules.MOST]


def names_of(reads: ReadSession, place: PlaceCard, something_else: str) -> Names:
    """How everything is called."""
    services = {row.topic.code: row.topic.name for row in find_topics(reads, place.id)}
    return Names(
        {choice.code: choice.name for choice in find_area_choices(reads, place.id)},
        {**services, rules.ANY_TOPIC: something_else},
        {row.code: row.name for row in find_organisations(reads, place.id)},
    )


def request_of(message: PublishedOut, names: Names, due: dict[UUID, date]) -> dict[str, Any]:
    """One request. Its moments are weeks, and it has no point on a map: nobody keeps one."""
    last = message.replies[-1] if message.replies else None
    by = due.get(last.promise) if last and last.promise else None
    words = [words for words in (message.body, message.want, message.have, message.gap) if words]
    return {
        "service_request_id": str(message.id),
        "status": rules.status_of(message.state, [reply.outcome for reply in message.replies]),
        "status_notes": last.body if last else None,
        "service_name": names.services.get(message.topic or rules.ANY_TOPIC),
        "service_code": message.topic or rules.ANY_TOPIC,
        "description": "\n\n".join(words) or None,
        "agency_responsible": names.organisations.get(last.organisation) if last and last.organisation else None,
        "service_notice": None,
        "requested_datetime": rules.moment(message.week),
        "updated_datetime": rules.moment(max(message.week, last.week)) if last else rules.moment(message.week),
        "expected_datetime": rules.moment(by) if by else None,
        "address": names.areas.get(message.area) if message.area else None,
        "address_id": message.area,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def updates_of(message: PublishedOut) -> list[dict[str, Any]]:
    """What was answered to a message, as updates of its request. An update keeps its id, which tells nothing of when it came."""
    return [
        {
            "update_id": str(uuid5(message.id, f"answer {number}")),
            "service_request_id": str(message.id),
            "updated_datetime": rules.moment(max(message.week, reply.week)),
            "status": rules.STATUSES[reply.outcome],
            "description": "\n\n".join(part for part in (reply.body, reply.reason) if part),
            "media_url": None,
            "external_status_code": reply.outcome.value,
        }
        for number, reply in enumerate(message.replies, start=1)
    ]


def _due(reads: ReadSession, place: PlaceCard, messages: Sequence[PublishedOut]) -> dict[UUID, date]:
    promised = {message.replies[-1].promise for message in messages if message.replies and message.replies[-1].promise}
    query = columns(col(Promise.id), col(Promise.due_on)).where(col(Promise.collaboration_id) == place.id, col(Promise.id).in_(promised))
    return {one: day for one, day in reads.execute(query) if day} if promised else {}
