"""The letter of an invitation: what it says, to whom, for how long its link is good; and who gets none."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser as Html
from starlette.testclient import TestClient

from service.database import Database
from service.outbox import rules, worker
from service.outbox.models import Purpose
from service.people.models import Role
from service.people.queries import find_staff
from service.places.queries import PlaceCard
from tests.make import Make, SettableClock
from tests.outbox.conftest import PostOffice

SAM, PEOPLE = "sam@example.org", "/staff/hillside/people"
LINK = re.compile(r"^http\S+(/staff/sign-in/\S{40,})\s*$", re.MULTILINE)
SignIn = Callable[..., TestClient]

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker of the service looks more often, so that a test need not wait."""
    monkeypatch.setattr(worker.Worker, "pause", 0.02)


def address_of(database: Database) -> str:
    with database.read() as reads:
        found = find_staff(reads, SAM)
        assert found is not None
        return f"{PEOPLE}/{found.id}"


def test_invited_person_gets_a_letter_that_says_what_they_may_do_and_lets_them_in(
    make: Make, hillside: PlaceCard, signed_in: SignIn, visitor: TestClient, post_office: PostOffice, clock: SettableClock
) -> None:
    make.organisation(hillside, "council", name="Hillside Borough Council")
    ada = signed_in(hillside, Role.ADMIN)
    page = ada.get(f"{PEOPLE}/invite")
    assert "We send them a link" in page.text
    given = {"email": SAM, "name": "Sam Okoro", "role": "coordinator", "organisation": "council"}
    answer = ada.post(f"{PEOPLE}/invite", data=given, follow_redirects=True)
    assert "Invited. May come until" in Html(answer.text).body.text()
    assert post_office.arrived.wait(10)
    [letter] = post_office.letters
    assert letter["Subject"] == "You are invited to work in Hillside"
    words = letter.get_content()
    assert "Hillside: coordinator, for Hillside Borough Council" in words
    assert "It works once, and until 30 November 2026" in words
    [link] = LINK.findall(words)
    assert link not in answer.text
    clock.advance(days=7, seconds=-1)
    assert visitor.get(link).status_code == 200
    assert visitor.post(link).status_code == 303
    assert visitor.get("/staff/hillside/inbox").status_code == 200


def test_who_works_here_already_is_told_and_gets_no_link(
    make: Make, hillside: PlaceCard, signed_in: SignIn, post_office: PostOffice
) -> None:
    signed_in(hillside, Role.FRONTLINE, email=SAM)
    signed_in(hillside, Role.ADMIN).post(f"{PEOPLE}/invite", data={"email": SAM, "role": "moderator"})
    assert post_office.arrived.wait(10)
    words = post_office.letters[0].get_content()
    assert "Hillside: moderator, for the whole place" in words and "Hillside: front line, for the whole place" in words
    assert not LINK.findall(words) and words.rstrip().splitlines()[-3].endswith("/staff")
    assert make.clock()


def test_invitation_that_was_taken_back_sends_nothing(
    database: Database,
    hillside: PlaceCard,
    signed_in: SignIn,
    post_office: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
    clock: SettableClock,
) -> None:
    send, ada = worker.Worker.send_one, signed_in(hillside, Role.ADMIN)

    async def rest(_worker: object) -> bool:
        return False

    monkeypatch.setattr(worker.Worker, "send_one", rest)
    ada.post(f"{PEOPLE}/invite", data={"email": SAM, "role": "frontline"})
    ada.post(f"{address_of(database)}/take-back")
    clock.advance(seconds=1)
    ada.post(f"{PEOPLE}/invite", data={"email": "last@example.org", "role": "frontline"})
    monkeypatch.setattr(worker.Worker, "send_one", send)
    assert post_office.arrived.wait(10)
    assert [to for _sender, to in post_office.envelopes] == ["last@example.org"]


def test_invitation_is_tried_for_a_day_and_a_link_that_somebody_waits_for_is_not(clock: SettableClock) -> None:
    made = now = clock()
    attempts = 1
    while (again := rules.next_try(Purpose.INVITATION, made, attempts, now)) is not None:
        now, attempts = again, attempts + 1
    assert timedelta(hours=20) < now - made < timedelta(days=1)
    assert rules.next_try(Purpose.SIGN_IN, made, 3, made + timedelta(minutes=14)) is None
