"""Changing what belongs to a place: areas and topics retire and come back, organisations are renamed and join again."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlmodel import col, select

from service.database import WriteSession
from service.days import local_day
from service.errors import Conflict, FieldError, Invalid, NotFound
from service.journal.actions import Actor, record
from service.journal.models import ActorKind
from service.language import _
from service.places import rules
from service.places.helplines import DIGITS, MOST, Helpline
from service.places.models import (
    Area,
    Collaboration,
    Membership,
    Organisation,
    OrganisationIn,
    ThresholdChange,
    ThresholdIn,
    Topic,
    TopicIn,
)
from service.places.queries import (
    PlaceCard,
    find_area,
    find_organisation,
    find_threshold_changes,
    get_organisation,
    get_topic,
    take_turn,
)


def retire_area(writes: WriteSession, actor: Actor, place: PlaceCard, code: str, now: datetime) -> bool:
    """From today on nobody is offered this area; answers whether that was news. Raises: NotFound, Invalid for one that holds others."""
    area = _area(writes, place, code)
    if area.retired_on is not None:
        return False
    inside = select(Area.id).where(Area.collaboration_id == place.id, Area.parent_id == area.id, col(Area.retired_on).is_(None))
    if writes.exec(inside).first():
        raise Invalid(FieldError("act", _("Other areas lie inside this one. Retire those first, or say that they lie elsewhere.")))
    _retired(writes, actor, place, area, now, on=local_day(now, place.time_zone))
    return True


def bring_back_area(writes: WriteSession, actor: Actor, place: PlaceCard, code: str, now: datetime) -> bool:
    """The area is offered again; answers whether that was news. Raises: NotFound."""
    area = _area(writes, place, code)
    if area.retired_on is None:
        return False
    _retired(writes, actor, place, area, now, on=None)
    return True


def change_topic(writes: WriteSession, actor: Actor, place: PlaceCard, given: TopicIn, now: datetime) -> bool:
    """Gives the topic with this code another name, or its messages another organisation; answers whether that was news.

    Messages that came before stay where they are. Raises: NotFound for the topic, Invalid for an unknown organisation.
    """
    topic = get_topic(writes, place.id, given.code)
    organisation = find_organisation(writes, place.id, given.organisation) if given.organisation else None
    if given.organisation and organisation is None:
        raise Invalid(FieldError("organisation", _("There is no organisation with the code %(code)s.", code=given.organisation)))
    values = {"name": given.name, "organisation_id": organisation.id if organisation else None}
    return _changed(writes, actor, place, topic, values, now)


def retire_topic(writes: WriteSession, actor: Actor, place: PlaceCard, code: str, now: datetime) -> bool:
    """From today on nobody is offered this topic; answers whether that was news. Raises: NotFound."""
    topic = get_topic(writes, place.id, code)
    if topic.retired_on is not None:
        return False
    _retired(writes, actor, place, topic, now, on=local_day(now, place.time_zone))
    return True


def bring_back_topic(writes: WriteSession, actor: Actor, place: PlaceCard, code: str, now: datetime) -> bool:
    """The topic is offered again; answers whether that was news. Raises: NotFound."""
    topic = get_topic(writes, place.id, code)
    if topic.retired_on is None:
        return False
    _retired(writes, actor, place, topic, now, on=None)
    return True


def change_organisation(writes: WriteSession, actor: Actor, place: PlaceCard, given: OrganisationIn, now: datetime) -> bool:
    """Gives the organisation with this code another name or kind; answers whether that was news. Raises: NotFound."""
    organisation = get_organisation(writes, place.id, given.code)
    return _changed(writes, actor, place, organisation, {"name": given.name, "kind": given.kind}, now)


def join_again(writes: WriteSession, actor: Actor, place: PlaceCard, code: str, since: date, now: datetime) -> None:
    """An organisation that left is a member again from this day on. Raises: NotFound, Conflict for a member, Invalid for the day."""
    organisation = get_organisation(writes, place.id, code)
    rows = writes.exec(select(Membership).where(Membership.collaboration_id == place.id, Membership.organisation_id == organisation.id))
    ends = [row.until for row in rows]
    if None in ends:
        raise Conflict(_("This organisation is a member now."))
    if any(until is not None and since <= until for until in ends):
        raise Invalid(FieldError("since", _("It was still a member on that day.")))
    writes.add(Membership(collaboration_id=place.id, organisation_id=organisation.id, since=since))
    writes.flush()
    record(writes, actor, "joined", "organisation", organisation.id, at=now, collaboration_id=place.id)


def set_threshold(writes: WriteSession, actor: Actor, place: PlaceCard, given: ThresholdIn, now: datetime) -> ThresholdChange:
    """Gives a threshold another value from a day on, today at the earliest: what was counted before stays as it was counted.

    Raises: Invalid for a value that no place may set, or the one that it has; for a day that is over, or taken; without a reason.
    """
    bounds, today = rules.BOUNDS[given.threshold], local_day(now, place.time_zone)
    if not bounds.least <= given.value <= bounds.most:
        raise Invalid(FieldError("value", _("Choose from %(least)s to %(most)s.", least=bounds.least, most=bounds.most)))
    if given.since < today:
        raise Invalid(FieldError("since", _("This day is over. A rule changes today at the earliest.")))
    take_turn(writes, place.id)
    rows = find_threshold_changes(writes, place.id, given.threshold)
    if any(row.since >= given.since for row in rows):
        raise Invalid(FieldError("since", _("It changes on that day already, or later. Choose a later day.")))
    if given.value == (rows[-1].value if rows else bounds.default):
        raise Invalid(FieldError("value", _("That is what it is already.")))
    staff_id = actor.id if actor.kind == ActorKind.STAFF else None
    row = ThresholdChange(collaboration_id=place.id, **given.model_dump(), staff_id=staff_id, set_at=now)
    writes.add(row)
    writes.flush()
    record(writes, actor, "set", "threshold", row.id, at=now, collaboration_id=place.id, fields=[given.threshold])
    return row


def set_helplines(writes: WriteSession, actor: Actor, place: PlaceCard, language: str, lines: Sequence[Helpline], now: datetime) -> bool:
    """Says whom to ring, in one language of the place; no lines: the numbers for the whole country again. Answers whether that was news.

    Raises: NotFound for a language that is not the place's, Invalid for a number that no phone can dial.
    """
    if language not in place.languages:
        raise NotFound
    wrong = [number for number, line in enumerate(lines, start=1) if not DIGITS.fullmatch(line.number)]
    if wrong or len(lines) > MOST:
        raise Invalid(*(FieldError(f"number_{one}", _("Write the number as one dials it, for instance 116 123.")) for one in wrong))
    row = writes.get_one(Collaboration, place.id, with_for_update=True)
    before = row.helplines or {}
    said = {code: known for code, known in before.items() if code != language}
    if lines:
        said[language] = [[line.name, line.number, line.when, line.what] for line in lines]
    if said == before:
        return False
    row.helplines = said
    writes.add(row)
    writes.flush()
    record(writes, actor, "changed", "collaboration", place.id, at=now, collaboration_id=place.id, fields=["helplines"])
    return True


def _area(writes: WriteSession, place: PlaceCard, code: str) -> Area:
    area = find_area(writes, place.id, code)
    if area is None or code == rules.WHOLE_PLACE:
        raise NotFound
    return area


def _retired(writes: WriteSession, actor: Actor, place: PlaceCard, row: Area | Topic, now: datetime, *, on: date | None) -> None:
    row.retired_on = on
    writes.add(row)
    writes.flush()
    record(writes, actor, "retired" if on else "brought_back", type(row).__name__.lower(), row.id, at=now, collaboration_id=place.id)


def _changed(
    writes: WriteSession, actor: Actor, place: PlaceCard, row: Topic | Organisation, values: Mapping[str, object], now: datetime
) -> bool:
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        writes.add(row)
        writes.flush()
        record(writes, actor, "changed", type(row).__name__.lower(), row.id, at=now, collaboration_id=place.id, fields=changed)
    return bool(changed)
