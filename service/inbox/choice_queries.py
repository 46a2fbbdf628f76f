"""Asking what the inbox can be narrowed to, and reading what somebody asked for."""

from collections.abc import Mapping

from service.database import ReadSession
from service.feedback.models import Kind
from service.inbox.models import NONE, Part, Wanted, Whose
from service.inbox.rules import parts_for
from service.people.models import Member
from service.places.queries import Choice, find_area_choices, find_organisations, find_topics
from service.places.rules import WHOLE_PLACE

FIELDS = ("topic", "area", "organisation", "kind", "whose")
"""What the list can be narrowed by, as an address names it."""

Choices = Mapping[str, Mapping[str, str]]


def choices_for(reads: ReadSession, member: Member) -> dict[str, dict[str, str]]:
    """What the list can be narrowed to: by field, names by code. Words for what has no name are the template's."""
    place_id = member.place.id
    areas = [*find_area_choices(reads, place_id), Choice(WHOLE_PLACE, ""), Choice(NONE, "")]
    organisations = {row.code: row.name for row in find_organisations(reads, place_id)}
    return {
        "topic": {row.topic.code: row.topic.name for row in find_topics(reads, place_id)},
        "area": {area.code: area.name for area in areas},
        "organisation": {**organisations, NONE: ""},
        "kind": dict.fromkeys(Kind, ""),
        "whose": dict.fromkeys(Whose, ""),
    }


def wanted_of(member: Member, choices: Choices, asked: Mapping[str, str]) -> Wanted:
    """What was asked for, as far as it is there."""
    parts = parts_for(member.grants)
    known = {name: asked[name] for name in FIELDS if asked.get(name) in choices[name]}
    part = asked.get("part", "")
    return Wanted(Part(part) if part in parts else parts[0], **known)


def read_wanted(reads: ReadSession, member: Member, asked: Mapping[str, str]) -> Wanted:
    """The same, for somebody who is not shown the choices."""
    return wanted_of(member, choices_for(reads, member), asked)
