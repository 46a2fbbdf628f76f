"""Who works in a place: inviting people, giving and ending roles, stopping access; and how far each administrator reaches."""

from collections.abc import Callable
from dataclasses import replace
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from selectolax.lexbor import LexborHTMLParser as Html
from sqlmodel import col, select
from starlette.testclient import TestClient

from service.database import Database
from service.errors import Conflict, Invalid, NotFound, Refusal
from service.journal.models import Entry
from service.outbox.models import Letter, Purpose
from service.people import team_actions
from service.people.actions import sign_in
from service.people.models import Grant, InviteIn, Member, Role, RoleIn, SignedIn, Staff, StaffRole
from service.people.queries import find_staff
from service.people.team import find_team, get_teammate
from service.places.queries import PlaceCard
from tests.make import Make, SettableClock

SAM, PEOPLE, INBOX = "sam@example.org", "/staff/hillside/people", "/staff/hillside/inbox"
SignIn = Callable[..., TestClient]


def id_of(database: Database, email: str = SAM) -> UUID:
    with database.read() as reads:
        found = find_staff(reads, email)
        assert found is not None
        return found.id


def comes(make: Make, place: PlaceCard, role: Role | str, **person: Any) -> UUID:
    """Somebody who was invited and has signed in."""
    person.setdefault("email", f"{uuid4().hex[:8]}@example.org")
    link = make.person(place, role, **person)
    with make.database.write() as writes:
        sign_in(writes, link, make.clock())
    return id_of(make.database, person["email"])


def admin(make: Make, place: PlaceCard, organisation: UUID | None = None, *, role: Role = Role.ADMIN, **person: Any) -> Member:
    """An administrator, as an action receives one."""
    code = person.pop("code", None)
    staff_id = comes(make, place, role, organisation=code, **person)
    who = SignedIn(staff_id, uuid4(), "Ada", "ada@example.org", make.clock(), is_admin=True, is_proven=True)
    return Member(person=who, place=place, grants=(Grant(role, organisation),))


def act(make: Make, name: str, member: Member, *given: Any) -> Any:
    with make.database.write() as writes:
        return getattr(team_actions, name)(writes, member, *given, make.clock())


def roles_of(database: Database, staff_id: UUID) -> list[Role]:
    with database.read() as reads:
        live = select(StaffRole.role).where(StaffRole.staff_id == staff_id, col(StaffRole.ended_at).is_(None))
        return sorted(Role(role) for role in reads.exec(live))


def role_id(database: Database, member: Member, staff_id: UUID, now: Any) -> UUID:
    with database.read() as reads:
        return get_teammate(reads, member, staff_id, now).roles[0].id


EVERY_ACT: list[tuple[str, tuple[Any, ...]]] = [
    ("give_role", (RoleIn(role=Role.MODERATOR),)),
    ("end_role", (uuid4(),)),
    ("stop_access", ()),
    ("let_back", ()),
    ("invite_again", ()),
    ("take_back_invitation", ()),
    ("hand_over_link", ()),
]


# ---- who may not -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_nobody_but_administrators_has_such_a_page(make: Make, hillside: PlaceCard, signed_in: SignIn, role: Role) -> None:
    browser, somebody = signed_in(hillside, role), comes(make, hillside, Role.FRONTLINE)
    for address in (PEOPLE, f"{PEOPLE}/invite", f"{PEOPLE}/{somebody}"):
        assert browser.get(address).status_code == 404
    for way in ("roles", "stop", "let-back", "invite-again", "take-back", f"roles/{uuid4()}/end"):
        assert browser.post(f"{PEOPLE}/{somebody}/{way}", data={"role": "admin"}).status_code == 404
    assert browser.post(f"{PEOPLE}/invite", data={"email": "x@example.org", "role": "admin"}).status_code == 404


def test_actions_ask_for_themselves_who_acts(make: Make, database: Database, hillside: PlaceCard) -> None:
    """Not the pages alone: who is no administrator, who has shown only once who they are, who administers another place."""
    somebody, elsewhere = comes(make, hillside, Role.FRONTLINE), make.collaboration("riverbank")
    true_one = admin(make, hillside)
    false_ones = [
        admin(make, hillside, role=Role.COORDINATOR),
        replace(true_one, person=replace(true_one.person, is_proven=False)),
        admin(make, elsewhere),
    ]
    before = roles_of(database, somebody)
    for member in false_ones:
        for name, given in EVERY_ACT:
            with pytest.raises(NotFound):
                act(make, name, member, somebody, *given)
    for member in false_ones[:2]:
        with pytest.raises(NotFound):
            act(make, "invite_to_team", member, InviteIn(email=SAM, role=Role.ADMIN))
    assert roles_of(database, somebody) == before


def test_organisation_s_administrator_reaches_nobody_beyond_it(make: Make, database: Database, hillside: PlaceCard) -> None:
    council, hub = make.organisation(hillside, "council"), make.organisation(hillside, "hub")
    ours = comes(make, hillside, Role.FRONTLINE, organisation="council")
    others = [comes(make, hillside, Role.FRONTLINE, organisation="hub"), comes(make, hillside, Role.FRONTLINE)]
    ada = admin(make, hillside, council.id, code="council")
    with database.read() as reads:
        assert {one.id for one in find_team(reads, ada, make.clock())} == {ours, ada.person.staff_id}
    for somebody in others:
        for name, given in EVERY_ACT:
            with pytest.raises(NotFound):
                act(make, name, ada, somebody, *given)
    for code in (None, "hub", "nowhere"):
        with pytest.raises(Invalid) as refused:
            act(make, "invite_to_team", ada, InviteIn(email=SAM, role=Role.FRONTLINE, organisation=code))
        assert [error.field for error in refused.value.errors] == ["organisation"]
        with pytest.raises(Invalid):
            act(make, "give_role", ada, ours, RoleIn(role=Role.ADMIN, organisation=code))
    act(make, "invite_to_team", ada, InviteIn(email=SAM, role=Role.FRONTLINE, organisation="council"))
    assert roles_of(database, id_of(database)) == [Role.FRONTLINE]
    assert hub.id != council.id


def test_what_somebody_does_elsewhere_is_neither_seen_nor_touched(
    make: Make, database: Database, hillside: PlaceCard, signed_in: SignIn
) -> None:
    river = make.collaboration("riverbank", name="Riverbank")
    sam = signed_in(river, Role.COORDINATOR, email=SAM)
    make.person(hillside, Role.FRONTLINE, email=SAM)
    ada, staff_id = signed_in(hillside, Role.ADMIN), id_of(database)
    assert "Riverbank" not in ada.get(f"{PEOPLE}/{staff_id}").text
    assert ada.post(f"{PEOPLE}/{staff_id}/stop").status_code == 303
    assert sam.get(INBOX).status_code == 404
    assert sam.get("/staff/riverbank/inbox").status_code == 200
    assert roles_of(database, staff_id) == [Role.COORDINATOR]


# ---- the last one ----------------------------------------------------------------------------------------------------


def test_nobody_removes_the_last_administrator(make: Make, database: Database, hillside: PlaceCard) -> None:
    ada, now = admin(make, hillside), make.clock()
    me = ada.person.staff_id
    make.person(hillside, Role.ADMIN, email="never-came@example.org")
    for again in ("end_role", "stop_access"):
        with pytest.raises(Conflict):
            act(make, again, ada, me, *([role_id(database, ada, me, now)] if again == "end_role" else []))
    bea = admin(make, hillside)
    act(make, "end_role", bea, me, role_id(database, bea, me, now))
    assert roles_of(database, me) == []
    with pytest.raises(Conflict):
        act(make, "end_role", bea, bea.person.staff_id, role_id(database, bea, bea.person.staff_id, now))
    assert roles_of(database, bea.person.staff_id) == [Role.ADMIN]


def test_two_who_remove_each_other_at_the_same_moment_leave_one(make: Make, database: Database, hillside: PlaceCard) -> None:
    ada, bea = admin(make, hillside), admin(make, hillside)
    start, refused = Barrier(2), []

    def removes(one: Member, other: Member) -> None:
        held = role_id(database, one, other.person.staff_id, make.clock())
        start.wait()
        try:
            act(make, "end_role", one, other.person.staff_id, held)
        except Refusal as refusal:
            refused.append(refusal)

    threads = [Thread(target=removes, args=pair) for pair in ((ada, bea), (bea, ada))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = [one for one in (ada, bea) if roles_of(database, one.person.staff_id) == [Role.ADMIN]]
    assert (len(left), len(refused)) == (1, 1)


def test_nobody_stops_themselves(make: Make, hillside: PlaceCard) -> None:
    ada = admin(make, hillside)
    admin(make, hillside)
    with pytest.raises(Conflict):
        act(make, "stop_access", ada, ada.person.staff_id)


# ---- stopping, and back ----------------------------------------------------------------------------------------------


def test_stopped_person_is_out_at_the_next_request_and_comes_back_as_before(
    make: Make, database: Database, hillside: PlaceCard, signed_in: SignIn
) -> None:
    make.organisation(hillside, "council")
    sam, ada = signed_in(hillside, Role.COORDINATOR, email=SAM), signed_in(hillside, Role.ADMIN)
    make.person(hillside, Role.MODERATOR, email=SAM, organisation="council")
    staff_id, link = id_of(database), make.person(hillside, Role.COORDINATOR, email=SAM)
    before = roles_of(database, staff_id)
    assert sam.get(INBOX).status_code == 200
    ada.post(f"{PEOPLE}/{staff_id}/stop")
    assert (sam.get(INBOX).status_code, sam.get(INBOX).headers["location"]) == (303, "/staff"), "signed out, as they work nowhere else"
    assert sam.post(f"/staff/sign-in/{link}").status_code == 404, "and no link that was under way opens anything"
    assert roles_of(database, staff_id) == []
    assert ada.post(f"{PEOPLE}/{staff_id}/let-back").status_code == 303
    assert roles_of(database, staff_id) == before
    sam.post(f"/staff/sign-in/{make.person(hillside, Role.COORDINATOR, email=SAM)}")
    assert sam.get(INBOX).status_code == 200
    assert ada.post(f"{PEOPLE}/{staff_id}/let-back").status_code == 409


def test_role_that_was_ended_does_not_come_back(make: Make, database: Database, hillside: PlaceCard) -> None:
    ada, sam = admin(make, hillside), comes(make, hillside, Role.FRONTLINE)
    act(make, "give_role", ada, sam, RoleIn(role=Role.MODERATOR))
    act(make, "end_role", ada, sam, role_id(database, ada, sam, make.clock()))
    kept = roles_of(database, sam)
    act(make, "stop_access", ada, sam)
    with pytest.raises(Conflict):
        act(make, "give_role", ada, sam, RoleIn(role=Role.FRONTLINE))
    act(make, "let_back", ada, sam)
    assert roles_of(database, sam) == kept and len(kept) == 1


# ---- inviting --------------------------------------------------------------------------------------------------------


def test_without_mail_the_link_is_shown_once_to_be_handed_over(
    database: Database, hillside: PlaceCard, signed_in: SignIn, visitor: TestClient
) -> None:
    ada = signed_in(hillside, Role.ADMIN)
    answer = ada.post(f"{PEOPLE}/invite", data={"email": SAM, "name": "Sam Okoro", "role": "coordinator"})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    link = Html(answer.text).css_first("code.handed").text().partition("/staff/")[2]
    page = Html(ada.get(f"{PEOPLE}/{id_of(database)}").text)
    assert link not in page.html and "Invited. May come until" in page.body.text()
    assert visitor.post(f"/staff/{link}").status_code == 303
    assert visitor.get(INBOX).status_code == 200
    assert "Invited" not in ada.get(f"{PEOPLE}/{id_of(database)}").text
    assert ada.post(f"{PEOPLE}/{id_of(database)}/invite-again").status_code == 409, "they have come"


def test_no_link_is_handed_over_for_who_works_elsewhere_or_has_come(
    make: Make, database: Database, hillside: PlaceCard, signed_in: SignIn
) -> None:
    """Otherwise an administrator could sign in as them, and read another place."""
    river, ada = make.collaboration("riverbank"), signed_in(hillside, Role.ADMIN)
    make.person(river, Role.COORDINATOR, email=SAM)
    comes(make, river, Role.MODERATOR, email="came@example.org")
    for email in (SAM, "came@example.org"):
        answer = ada.post(f"{PEOPLE}/invite", data={"email": email, "role": "frontline"})
        assert answer.status_code == 303 and "sign-in" not in answer.text
    assert roles_of(database, id_of(database)) == [Role.COORDINATOR, Role.FRONTLINE]
    assert ada.post(f"{PEOPLE}/{id_of(database)}/invite-again").status_code == 303


def test_invitation_runs_out_is_sent_again_and_taken_back(
    make: Make, database: Database, hillside: PlaceCard, signed_in: SignIn, clock: SettableClock, visitor: TestClient
) -> None:
    ada = signed_in(hillside, Role.ADMIN)
    link = make.person(hillside, Role.COORDINATOR, email=SAM)
    address = f"{PEOPLE}/{id_of(database)}"
    clock.advance(days=7)
    ada = signed_in(hillside, Role.ADMIN)
    assert "did not come in time" in ada.get(PEOPLE).text
    fresh = Html(ada.post(f"{address}/invite-again").text).css_first("code.handed").text().partition("/staff/")[2]
    assert "did not come in time" not in ada.get(PEOPLE).text
    assert ada.post(f"{address}/take-back").status_code == 303
    assert SAM not in ada.get(PEOPLE).text
    assert {visitor.post(f"/staff/{one}").status_code for one in (fresh, f"sign-in/{link}")} == {404}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"role": "coordinator"}, "email"),
        ({"email": "sam", "role": "coordinator"}, "email"),
        ({"email": SAM}, "role"),
        ({"email": SAM, "role": "king"}, "role"),
        ({"email": SAM, "role": "viewer"}, "kind"),
        ({"email": SAM, "role": "coordinator", "kind": "funder"}, "kind"),
        ({"email": SAM, "role": "coordinator", "organisation": "nowhere"}, "organisation"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(
    database: Database, hillside: PlaceCard, signed_in: SignIn, typed: dict[str, str], field: str
) -> None:
    answer = signed_in(hillside, Role.ADMIN).post(f"{PEOPLE}/invite", data={**typed, "name": "Sam Okoro"})
    assert answer.status_code == 422
    page = Html(answer.text)
    assert [str(one.attributes["href"]) for one in page.css(".govuk-error-summary a")] == [f"#{field}"]
    assert page.css_first("#name").attributes["value"] == "Sam Okoro"
    with database.read() as reads:
        assert find_staff(reads, SAM) is None


def test_journal_says_who_gave_and_ended_what_to_whom(make: Make, database: Database, hillside: PlaceCard) -> None:
    ada, sam = admin(make, hillside), comes(make, hillside, Role.FRONTLINE)
    act(make, "give_role", ada, sam, RoleIn(role=Role.MODERATOR))
    act(make, "stop_access", ada, sam)
    act(make, "let_back", ada, sam)
    act(make, "end_role", ada, sam, role_id(database, ada, sam, make.clock()))
    with database.read() as reads:
        mine = select(Entry.verb, StaffRole.role, StaffRole.staff_id).join(StaffRole, col(StaffRole.id) == Entry.subject_id)
        rows = reads.exec(mine.where(Entry.actor_id == ada.person.staff_id, Entry.collaboration_id == hillside.id)).all()
    assert {staff for _verb, _role, staff in rows} == {sam}
    assert sorted(verb for verb, _role, _staff in rows) == ["ended", "given", "let_back", "let_back", "stopped", "stopped"]


def test_where_there_is_mail_a_letter_is_posted_and_no_link_is_shown(
    database: Database, hillside: PlaceCard, signed_in: SignIn, client: TestClient
) -> None:
    ada = signed_in(hillside, Role.ADMIN)
    app: Any = client.app
    app.state.settings = app.state.settings.model_copy(update={"smtp_url": "smtp://127.0.0.1:9"})
    answer = ada.post(f"{PEOPLE}/invite", data={"email": SAM, "role": "frontline"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PEOPLE}/{id_of(database)}")
    with database.read() as reads:
        [letter] = reads.exec(select(Letter)).all()
        assert (letter.purpose, letter.address) == (Purpose.INVITATION, SAM)
        assert [one.email for one in reads.exec(select(Staff).where(col(Staff.arrived_at).is_(None)))] == [SAM]
    statuses = [ada.post(f"{PEOPLE}/{id_of(database)}/invite-again").status_code for _again in range(3)]
    assert statuses == [303, 303, 429], "three letters in a quarter of an hour are enough"
