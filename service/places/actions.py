"""Changing places: collaborations, organisations, who runs them, areas and topics."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from service.database import WriteSession
from service.days import local_day
from service.errors import Conflict, FieldError, Invalid, NotFound
from service.journal.actions import Actor, record
from service.language import _
from service.places import rules
from service.places.models import (
    Area,
    AreaIn,
    AreaKind,
    Collaboration,
    CollaborationIn,
    GovernanceForm,
    GovernanceIn,
    GovernancePeriod,
    Membership,
    Organisation,
    OrganisationIn,
    Topic,
    TopicIn,
)
from service.places.queries import PlaceCard, find_above, find_area, find_organisation, take_turn
from service.tables import CODE


def _columns(place: CollaborationIn) -> dict[str, Any]:
    """The input as the table holds it."""
    values = place.model_dump()
    values["closed_on"] = [day.isoformat() for day in place.closed_on]
    values["open_on"] = [day.isoformat() for day in place.open_on]
    for name in ("complaints_url", "leave_to"):
        values[name] = str(values[name]) if values[name] else None
    return values


def add_collaboration(writes: WriteSession, actor: Actor, place: CollaborationIn, now: datetime) -> Collaboration:
    """Adds a collaboration. Raises: Invalid for a reserved slug, Conflict for one that is taken."""
    if rules.is_reserved(place.slug):
        raise Invalid(FieldError("slug", _("This word is an address of the service itself. Choose another.")))
    if writes.exec(select(Collaboration.id).where(Collaboration.slug == place.slug)).first():
        raise Conflict(_("There is a collaboration with this slug already."))
    row = Collaboration(**_columns(place), added_at=now)
    writes.add(row)
    writes.flush()
    # The whole place is a row as well: what names no area is about this one, so that no key column is ever NULL.
    writes.add(Area(collaboration_id=row.id, code=rules.WHOLE_PLACE, name=place.name, kind=AreaKind.PLACE))
    writes.flush()
    record(writes, actor, "added", "collaboration", row.id, at=now, collaboration_id=row.id)
    return row


def set_collaboration(writes: WriteSession, actor: Actor, slug: str, changes: Mapping[str, Any], now: datetime) -> list[str]:
    """Changes fields of a collaboration; answers the names of those that changed. Raises: NotFound, Invalid."""
    row = writes.exec(select(Collaboration).where(Collaboration.slug == slug)).first()
    if row is None:
        raise NotFound(_("There is no collaboration with this slug."))
    present = {name: getattr(row, name) for name in CollaborationIn.model_fields}
    values = _columns(CollaborationIn.model_validate({**present, **changes}))
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        writes.add(row)
        writes.flush()
        record(writes, actor, "changed", "collaboration", row.id, at=now, collaboration_id=row.id, fields=changed)
    return changed


def add_organisation(writes: WriteSession, actor: Actor, place: PlaceCard, given: OrganisationIn, now: datetime) -> Organisation:
    """Adds an organisation as a member. Raises: Conflict when its code is taken."""
    if find_organisation(writes, place.id, given.code):
        raise Conflict(_("There is an organisation with this code already."))
    row = Organisation(collaboration_id=place.id, code=given.code, name=given.name, kind=given.kind)
    writes.add(row)
    writes.flush()
    writes.add(Membership(collaboration_id=place.id, organisation_id=row.id, since=given.since, contributes=list(given.contributes)))
    writes.flush()
    record(writes, actor, "joined", "organisation", row.id, at=now, collaboration_id=place.id)
    return row


def end_membership(writes: WriteSession, actor: Actor, place: PlaceCard, code: str, until: date, now: datetime) -> None:
    """An organisation leaves on this day. Raises: NotFound, Conflict when it is no member."""
    organisation = _organisation(writes, place, code)
    row = writes.exec(
        select(Membership).where(
            Membership.collaboration_id == place.id, Membership.organisation_id == organisation.id, col(Membership.until).is_(None)
        )
    ).first()
    if row is None:
        raise Conflict(_("This organisation has left already."))
    if row.since is not None and until < row.since:
        raise Invalid(FieldError("until", _("This is earlier than the day they joined.")))
    row.until = until
    writes.add(row)
    writes.flush()
    record(writes, actor, "left", "organisation", organisation.id, at=now, collaboration_id=place.id)


def govern(writes: WriteSession, actor: Actor, place: PlaceCard, given: GovernanceIn, now: datetime) -> GovernancePeriod:
    """Says who runs the collaboration from a date on, and ends the period before. Raises: Invalid, NotFound."""
    if (given.form == GovernanceForm.SELF_GOVERNED) != (given.organisation is None):
        raise Invalid(FieldError("organisation", _("Name the organisation that runs it, or none when the members do so together.")))
    organisation = _organisation(writes, place, given.organisation) if given.organisation else None
    before = writes.exec(
        select(GovernancePeriod).where(GovernancePeriod.collaboration_id == place.id, col(GovernancePeriod.until).is_(None))
    ).first()
    since = given.since or local_day(now, place.time_zone)
    if before:
        if before.since and since < before.since:
            raise Invalid(FieldError("since", _("This is earlier than the start of the period before.")))
        before.until = since
        writes.add(before)
        writes.flush()
    row = GovernancePeriod(
        collaboration_id=place.id, form=given.form, organisation_id=organisation.id if organisation else None, since=since
    )
    writes.add(row)
    writes.flush()
    record(writes, actor, "governed", "governance_period", row.id, at=now, collaboration_id=place.id)
    return row


def add_topic(writes: WriteSession, actor: Actor, place: PlaceCard, given: TopicIn, now: datetime) -> Topic:
    """Adds a topic. Raises: Conflict when its code is taken, NotFound for an unknown organisation."""
    if writes.exec(select(Topic.id).where(Topic.collaboration_id == place.id, Topic.code == given.code)).first():
        raise Conflict(_("There is a topic with this code already."))
    organisation = _organisation(writes, place, given.organisation) if given.organisation else None
    row = Topic(collaboration_id=place.id, code=given.code, name=given.name, organisation_id=organisation.id if organisation else None)
    writes.add(row)
    writes.flush()
    record(writes, actor, "added", "topic", row.id, at=now, collaboration_id=place.id)
    return row


def put_area(  # noqa: PLR0913 (who puts what where, when)
    writes: WriteSession, actor: Actor, place: PlaceCard, code: str, given: AreaIn, now: datetime, *, keep: bool = False
) -> tuple[Area, bool]:
    """Adds an area or changes it; answers it, and whether it is new. With `keep`, what was not given stays.

    Raises: Invalid for its parent or its shape.
    """
    if not CODE.fullmatch(code):
        raise Invalid(FieldError("code", _("This is not written the way it must be.")))
    if code == rules.WHOLE_PLACE:
        raise Invalid(FieldError("code", _("This word stands for the whole place. Choose another code.")))
    if given.shape is not None and not rules.is_geometry(given.shape):
        raise Invalid(FieldError("shape", _("This is not a GeoJSON geometry with longitudes and latitudes.")))
    parent = None
    if given.parent is not None:
        parents = find_above(writes, place.id, given.parent)
        if given.parent not in parents:
            raise Invalid(FieldError("parent", _("There is no area with this code.")))
        if rules.makes_a_circle(code, given.parent, parents):
            raise Invalid(FieldError("parent", _("An area cannot lie inside itself.")))
        parent = find_area(writes, place.id, given.parent)
    values = given.model_dump(exclude={"parent"}) | {"parent_id": parent.id if parent else None}
    values["kind"] = AreaKind(given.kind)
    take_turn(writes, place.id)
    row = find_area(writes, place.id, code)
    if row is None:
        row = Area(collaboration_id=place.id, code=code, **values)
        writes.add(row)
        writes.flush()
        record(writes, actor, "added", "area", row.id, at=now, collaboration_id=place.id)
        return row, True
    named = {"parent_id" if name == "parent" else name for name in given.model_fields_set} if keep else set(values)
    changed = [name for name, value in values.items() if name in named and getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        writes.add(row)
        writes.flush()
        record(writes, actor, "changed", "area", row.id, at=now, collaboration_id=place.id, fields=changed)
    return row, False


def _organisation(writes: WriteSession, place: PlaceCard, code: str) -> Organisation:
    found = find_organisation(writes, place.id, code)
    if found is None:
        raise NotFound(_("There is no organisation with the code %(code)s.", code=code))
    return found
