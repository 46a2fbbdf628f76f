"""Inviting people, making links for them, ending their access."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from service.database import Database
from service.errors import Conflict, Invalid, NotFound
from service.journal.actions import OPERATOR
from service.people.actions import disable, enable, invite, make_link, sign_in
from service.people.models import InviteIn, Role, SignInLink, Staff, StaffRole, StaffSession, ViewerKind
from service.people.queries import find_session, find_workplaces, get_usable_link
from service.places.queries import PlaceCard
from tests.make import Make, SettableClock

SAM = "sam@example.org"


@pytest.fixture
def vale(make: Make) -> PlaceCard:
    return make.collaboration("amber-vale")


def roles_of(database: Database, email: str = SAM) -> list[tuple[Role, UUID | None]]:
    with database.read() as reads:
        query = select(StaffRole.role, StaffRole.organisation_id).join(Staff, col(Staff.id) == StaffRole.staff_id)
        return sorted(((Role(role), organisation) for role, organisation in reads.exec(query.where(Staff.email == email))), key=str)


def opens(database: Database, clock: SettableClock, secret: str) -> bool:
    with database.read() as reads:
        try:
            get_usable_link(reads, secret, clock())
        except NotFound:
            return False
        return True


# ---- who may not -----------------------------------------------------------------------------------------------------


def test_viewer_must_say_for_whom_they_look(database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    with pytest.raises(Invalid) as refused, database.write() as writes:
        invite(writes, OPERATOR, hillside, InviteIn(email=SAM, role=Role.VIEWER), clock())
    assert [error.field for error in refused.value.errors] == ["kind"]
    assert roles_of(database) == []


@pytest.mark.parametrize("role", [role for role in Role if role != Role.VIEWER])
def test_only_a_viewer_looks_for_somebody(database: Database, hillside: PlaceCard, clock: SettableClock, role: Role) -> None:
    with pytest.raises(Invalid) as refused, database.write() as writes:
        invite(writes, OPERATOR, hillside, InviteIn(email=SAM, role=role, kind=ViewerKind.FUNDER), clock())
    assert [error.field for error in refused.value.errors] == ["kind"]


def test_nobody_is_invited_into_another_place_s_organisation(
    make: Make, database: Database, hillside: PlaceCard, vale: PlaceCard, clock: SettableClock
) -> None:
    make.organisation(vale, "mill-trust")
    with pytest.raises(Invalid) as refused, database.write() as writes:
        invite(writes, OPERATOR, hillside, InviteIn(email=SAM, role=Role.FRONTLINE, organisation="mill-trust"), clock())
    assert [error.field for error in refused.value.errors] == ["organisation"]
    with database.read() as reads:
        assert reads.exec(select(Staff)).all() == []


def test_person_whose_access_was_ended_cannot_be_invited_again(
    make: Make, database: Database, hillside: PlaceCard, clock: SettableClock
) -> None:
    make.person(hillside, Role.COORDINATOR, email=SAM)
    with database.write() as writes:
        disable(writes, OPERATOR, SAM, clock())
    with pytest.raises(Conflict):
        make.person(hillside, Role.ADMIN, email=SAM)
    with pytest.raises(NotFound), database.write() as writes:
        make_link(writes, OPERATOR, SAM, clock())
    assert [role for role, _organisation in roles_of(database)] == [Role.COORDINATOR]


def test_stranger_gets_no_link_and_can_be_neither_disabled_nor_enabled(database: Database, clock: SettableClock) -> None:
    with pytest.raises(NotFound), database.write() as writes:
        make_link(writes, OPERATOR, "nobody@example.org", clock())
    for change in (disable, enable):
        with pytest.raises(NotFound), database.write() as writes:
            change(writes, OPERATOR, "nobody@example.org", clock())


@pytest.mark.parametrize("address", ["sam", "sam@example", "sam @example.org", "@example.org", "sam@example.org\x00", "a" * 250 + "@b.org"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="email"):
        InviteIn(email=address, role=Role.COORDINATOR)


# ---- inviting --------------------------------------------------------------------------------------------------------


def test_second_invitation_makes_a_fresh_link_and_no_second_role(
    make: Make, database: Database, hillside: PlaceCard, clock: SettableClock
) -> None:
    first = make.person(hillside, Role.COORDINATOR, email=SAM)
    second = make.person(hillside, Role.COORDINATOR, email=SAM)
    assert first != second
    assert opens(database, clock, first)
    assert opens(database, clock, second)
    assert roles_of(database) == [(Role.COORDINATOR, None)]


def test_role_within_an_organisation_is_another_than_the_same_for_the_whole_place(
    make: Make, database: Database, hillside: PlaceCard
) -> None:
    council = make.organisation(hillside, "council")
    for organisation in (None, "council", "council", None):
        make.person(hillside, Role.FRONTLINE, email=SAM, organisation=organisation)
    assert roles_of(database) == sorted([(Role.FRONTLINE, None), (Role.FRONTLINE, council.id)], key=str)


def test_person_is_known_by_their_address_however_it_is_written(make: Make, database: Database, hillside: PlaceCard) -> None:
    make.person(hillside, Role.COORDINATOR, email="Sam@Example.ORG")
    make.person(hillside, Role.MODERATOR, email="  sam@example.org ")
    with database.read() as reads:
        assert [person.email for person in reads.exec(select(Staff))] == [SAM]
    assert [role for role, _organisation in roles_of(database)] == [Role.COORDINATOR, Role.MODERATOR]


def test_person_works_in_several_places_with_one_address(make: Make, database: Database, hillside: PlaceCard, vale: PlaceCard) -> None:
    make.person(hillside, Role.FRONTLINE, email=SAM, name="Sam")
    make.person(vale, Role.ADMIN, email=SAM)
    make.person(hillside, Role.COORDINATOR, email=SAM)
    with database.read() as reads:
        person = reads.exec(select(Staff)).one()
        found = [(place.slug, set(place.roles)) for place in find_workplaces(reads, person.id)]
    assert person.name == "Sam"
    assert found == [("amber-vale", {Role.ADMIN}), ("hillside", {Role.COORDINATOR, Role.FRONTLINE})]


def test_viewer_is_kept_with_their_kind(make: Make, database: Database, hillside: PlaceCard) -> None:
    make.person(hillside, Role.VIEWER, email=SAM, kind="regulator")
    with database.read() as reads:
        assert reads.exec(select(StaffRole.viewer_kind)).all() == [ViewerKind.REGULATOR]


def test_long_address_makes_no_trouble(make: Make, database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    """The first part of an address stands in for a name, which is shorter."""
    assert opens(database, clock, make.person(hillside, email="s" * 240 + "@example.org"))


def test_only_a_hash_of_a_link_and_of_a_cookie_is_stored(make: Make, database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    link = make.person(hillside, email=SAM)
    with database.write() as writes:
        cookie = sign_in(writes, link, clock())
    with database.read() as reads:
        stored = str([row.model_dump() for table in (Staff, StaffRole, SignInLink, StaffSession) for row in reads.exec(select(table))])
    assert link not in stored
    assert cookie not in stored
    assert len(link) >= 22 and len(cookie) >= 22, "128 bits are 22 characters"


# ---- how long a link lasts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("which", "lasts"), [("invitation", timedelta(days=7)), ("fresh link", timedelta(minutes=15))])
def test_link_lasts_as_long_as_it_says_and_not_longer(
    make: Make, database: Database, hillside: PlaceCard, clock: SettableClock, which: str, lasts: timedelta
) -> None:
    secret, made_at = make.person(hillside, email=SAM), clock()
    if which == "fresh link":
        with database.write() as writes:
            secret = make_link(writes, OPERATOR, SAM, made_at)
    clock.at(made_at + lasts - timedelta(seconds=1))
    assert opens(database, clock, secret)
    clock.at(made_at + lasts)
    assert not opens(database, clock, secret)
    with pytest.raises(NotFound), database.write() as writes:
        sign_in(writes, secret, clock())


# ---- ending access ---------------------------------------------------------------------------------------------------


def test_disabling_ends_every_session_and_every_link_and_nobody_else_s(
    make: Make, database: Database, hillside: PlaceCard, clock: SettableClock
) -> None:
    links = [make.person(hillside, email=SAM) for _again in range(3)]
    other = make.person(hillside, email=f"{uuid4().hex}@example.org")
    with database.write() as writes:
        for link in (*links[:2], other):
            sign_in(writes, link, clock())
        disable(writes, OPERATOR, " SAM@example.org", clock())
    assert not opens(database, clock, links[2])
    with database.read() as reads:
        live = reads.exec(select(Staff.email).join(StaffSession).where(col(StaffSession.ended_at).is_(None))).all()
    assert live == [email for email in live if email != SAM] and len(live) == 1


def test_person_whose_access_is_given_back_needs_a_new_link(
    make: Make, database: Database, hillside: PlaceCard, clock: SettableClock
) -> None:
    """A link that lay about, and a browser that was signed in, stay dead: perhaps they are why access was ended."""
    used, unused = make.person(hillside, email=SAM), make.person(hillside, email=SAM)
    with database.write() as writes:
        cookie = sign_in(writes, used, clock())
        disable(writes, OPERATOR, SAM, clock())
        enable(writes, OPERATOR, SAM, clock())
    assert not opens(database, clock, unused)
    with database.read() as reads:
        assert find_session(reads, cookie, clock()) is None
    assert opens(database, clock, make.person(hillside, email=SAM))
    assert [role for role, _organisation in roles_of(database)] == [Role.COORDINATOR]


def test_disabling_twice_keeps_the_first_moment(make: Make, database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    make.person(hillside, email=SAM)
    first = clock()
    for _again in range(2):
        with database.write() as writes:
            disable(writes, OPERATOR, SAM, clock())
        clock.advance(days=1)
    with database.read() as reads:
        assert reads.exec(select(Staff.disabled_at)).all() == [first]
